import { useState } from 'preact/hooks'
import { zone } from '../../state/session'
import { addDays, addMinutes, dayOf, nowIn } from '../../time'
import { Dialog } from '../../ui/dialog'
import { snooze } from './deeds'
import { clockText, filled, lengthText, wallOf, type Reminder } from './text'
import { reminderWords } from './words'

const LENGTHS = [10, 60]
const MORNING = '09:00'

/** When it shall ring instead: so much later than it would, or than now where it has rung. */
export function SnoozeDialog({ reminder, onClose }: { reminder: Reminder; onClose: () => void }) {
  const w = reminderWords.value
  const isComing = reminder.status === 'planned' && Date.parse(reminder.due) > Date.now()
  const base = isComing ? wallOf(reminder.due, zone.value) : nowIn(zone.value)
  const morning = `${addDays(dayOf(base), 1)}T${MORNING}:00`
  const [own, setOwn] = useState(morning.slice(0, 16))
  const until = (wall: string) => {
    onClose()
    void snooze(reminder, instantOf(wall))
  }
  return (
    <Dialog label={w.snoozeTitle} onClose={onClose}>
      <h2>{w.snoozeTitle}</h2>
      <p class="soft">{reminder.text || w.untitled}</p>
      <div class="choices">
        {LENGTHS.map((minutes) => (
          <button type="button" key={minutes} onClick={() => until(addMinutes(base, minutes))}>
            {filled(isComing ? w.later : w.inLength, { length: lengthText(minutes) })}
          </button>
        ))}
        <button type="button" onClick={() => until(morning)}>
          {filled(w.nextMorning, { time: clockText(MORNING) })}
        </button>
      </div>
      <form
        class="own-time"
        onSubmit={(event) => {
          event.preventDefault()
          until(`${own}:00`)
        }}
      >
        <label>
          {w.atTime}
          <input type="datetime-local" required min={nowIn(zone.value).slice(0, 16)} value={own} onInput={(input) => setOwn(input.currentTarget.value)} />
        </label>
        <button type="submit" class="main">
          {w.snooze}
        </button>
      </form>
      <div class="buttons">
        <button type="button" onClick={onClose}>
          {w.cancel}
        </button>
      </div>
    </Dialog>
  )
}

function instantOf(wall: string): string {
  return Temporal.PlainDateTime.from(wall).toZonedDateTime(zone.value).toInstant().toString()
}
