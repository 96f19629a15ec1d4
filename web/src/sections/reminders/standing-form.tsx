import { useState } from 'preact/hooks'
import { ProblemError } from '../../api/client'
import { explain } from '../../state/actions'
import { zone } from '../../state/session'
import { addMinutes, dayOf, nowIn } from '../../time'
import { Dialog } from '../../ui/dialog'
import { ChannelChoice } from './channel'
import { addStanding, changeStanding, readReminder, type Standing } from './deeds'
import { channelText, momentText, wallOf, type Channel, type Reminder } from './text'
import { reminderWords } from './words'
import { MineOrTheirs } from '../../ui/conflict'
import { Foot } from '../../ui/foot'
import { SaveOrCancel } from '../../ui/save-or-cancel'
import { useInSight } from '../../ui/use-in-sight'

interface Draft {
  text: string
  day: string
  time: string
  channel: Channel
}

/** A reminder that belongs to no event: a new one, or one that is still to ring. */
export function StandingForm({ reminder, onClose }: { reminder: Reminder | null; onClose: () => void }) {
  const w = reminderWords.value
  const [now, setNow] = useState(reminder)
  const [theirs, setTheirs] = useState<Reminder | null>(null)
  const [form, setForm] = useState<Draft>(() => draftOf(reminder))
  const [problem, setProblem] = useState('')
  const change = (part: Partial<Draft>) => setForm((was) => ({ ...was, ...part }))

  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    setProblem('')
    try {
      await (now ? changeStanding(now, standingOf(form)) : addStanding(standingOf(form)))
      onClose()
    } catch (error) {
      if (now && error instanceof ProblemError && error.status === 412) setTheirs(await readReminder(now.id))
      else setProblem(explain(error))
    }
  }

  return (
    <Dialog label={reminder ? w.editTitle : w.addTitle} onClose={onClose} class="standing">
      <h2>{reminder ? w.editTitle : w.addTitle}</h2>
      <form onSubmit={(event) => void save(event)}>
        <label>
          {w.text}
          <input required maxLength={200} autofocus value={form.text} onInput={(input) => change({ text: input.currentTarget.value })} />
        </label>
        <div class="row">
          <label>
            {w.day}
            <input type="date" required value={form.day} aria-describedby="standing-at" onInput={(input) => change({ day: input.currentTarget.value })} />
          </label>
          <label>
            {w.time}
            <input type="time" required value={form.time} aria-describedby="standing-at" onInput={(input) => change({ time: input.currentTarget.value })} />
          </label>
          <ChannelChoice value={form.channel} onChange={(channel) => change({ channel })} />
        </div>
        <p class="problem" id="standing-at" role="status">
          {problem}
        </p>
        <Foot problem="">
          {theirs && (
            <Conflict
              theirs={`${theirs.text}, ${momentText(wallOf(theirs.due, zone.value), '')}, ${channelText(theirs.channel)}`}
              keep={() => (setNow(theirs), setTheirs(null))}
              take={() => (setNow(theirs), setForm(draftOf(theirs)), setTheirs(null))}
            />
          )}
          <SaveOrCancel onCancel={onClose} disabled={theirs !== null} />
        </Foot>
      </form>
    </Dialog>
  )
}

function draftOf(reminder: Reminder | null): Draft {
  const wall = reminder ? wallOf(reminder.due, zone.value) : `${addMinutes(nowIn(zone.value), 60).slice(0, 13)}:00:00`
  const channel = reminder?.channel === 'browser' ? 'browser' : 'email'
  return { text: reminder?.text ?? '', day: dayOf(wall), time: wall.slice(11, 16), channel }
}

function standingOf({ text, day, time, channel }: Draft): Standing {
  return { text: text.trim(), at: `${day}T${time}:00`, channel }
}

/** It was changed elsewhere: how it is now, and whose shall count. */
export function Conflict({ theirs, keep, take }: { theirs: string; keep: () => void; take: () => void }) {
  const w = reminderWords.value
  const place = useInSight<HTMLDivElement>()
  return (
    <div ref={place} class="conflict" role="alert">
      <p>{w.conflict}</p>
      <dl>
        <dt>{w.asItIs}</dt>
        <dd>{theirs}</dd>
      </dl>
      <MineOrTheirs onMine={keep} onTheirs={take} />
    </div>
  )
}
