import { useEffect, useState } from 'preact/hooks'
import type { Schemas } from '../../api/client'
import { explain } from '../../state/actions'
import { today } from '../../state/navigation'
import { theApi, zone } from '../../state/session'
import { addDays, minutesOf, rezoned } from '../../time'
import { timeText } from '../../views/event-text'
import type { Schedule } from './form'
import { gathered } from './gathered'
import { words } from './words'

const MOST = 500

async function slotsOf(schedule: Schedule, day: string): Promise<Schemas['SlotResource'][]> {
  const at = (date: string) => `${rezoned(`${date}T00:00:00`, schedule.timeZone, 'UTC')}Z`
  const query = { from: at(day), to: at(addDays(day, 1)), explain: true, limit: MOST }
  const { data } = await theApi().GET('/v1/schedules/{scheduleId}/slots', { params: { path: { scheduleId: schedule.id }, query } })
  return data!.items
}

/** The times of one day: which can be booked, and why the others cannot. */
export function Slots({ schedule }: { schedule: Schedule }) {
  const w = words.value
  const [day, setDay] = useState(today())
  const [slots, setSlots] = useState<Schemas['SlotResource'][] | null>(null)
  const [problem, setProblem] = useState('')
  useEffect(() => {
    if (!day) return
    let current = true
    slotsOf(schedule, day).then(
      (found) => current && (setSlots(found), setProblem('')),
      (error: unknown) => current && setProblem(explain(error)),
    )
    return () => (current = false)
  }, [schedule.etag, day])
  return (
    <section aria-labelledby="slots-title">
      <h2 id="slots-title">{w.slots}</h2>
      <p class="soft">{w.slotsHint}</p>
      <label class="day-field">
        {w.day}
        <input type="date" required value={day} onInput={(input) => setDay(input.currentTarget.value)} />
      </label>
      {schedule.timeZone !== zone.value && <p class="soft">{w.slotsIn.replace('{zone}', schedule.timeZone.replaceAll('_', ' '))}</p>}
      <p class="problem" role="alert">
        {problem}
      </p>
      <div role="status">{slots?.length === 0 && <p>{w.slotsNone}</p>}</div>
      <ul class="slots">
        {slots && gathered(slots).map((each) => (
          <li key={each.first} class={each.refusal ? 'refused' : 'free'}>
            <span class="when">
              {timeText(minutesOf(each.first))}
              {each.count > 1 && ` – ${timeText(minutesOf(each.last))}`}
            </span>
            <span>{each.refusal ? w.refusals[each.refusal] : w.free}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
