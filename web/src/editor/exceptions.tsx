import { useState } from 'preact/hooks'
import type { EventInput, EventResource } from '../api/client'
import { locale, words } from '../i18n'
import { formatOf } from '../i18n/format'
import { explain, written } from '../state/actions'
import { today } from '../state/navigation'
import { theApi, zone } from '../state/session'
import { addDays, dayOf, minutesOf, printable, wallIn } from '../time'
import { timeText } from '../views/event-text'
import { isChanged, plainOf, removedDays, wallOf, withDay, type Removed } from './series'
import { editorWords } from './words'

/** How far back and ahead changed days are looked for. */
const BACK_DAYS = 366
const AHEAD_DAYS = 2 * 366

interface Found {
  series: EventResource
  removed: readonly Removed[]
  changed: readonly EventResource[]
}

async function find(eventId: string): Promise<Found> {
  const window = { from: addDays(today(), -BACK_DAYS), to: addDays(today(), AHEAD_DAYS) }
  const [series, occurrences] = await Promise.all([
    theApi().GET('/v1/events/{eventId}', { params: { path: { eventId } } }),
    theApi().GET('/v1/events/{eventId}/occurrences', { params: { path: { eventId }, query: window } }),
  ])
  const whole = series.data as EventResource
  const removed = removedDays(whole.recurrence, whole.start.timeZone ?? zone.value)
  return { series: whole, removed, changed: occurrences.data!.items.filter((each) => isChanged(each, whole)) }
}

interface Props {
  eventId: string
  /** The series was written: as it is now. */
  onWritten: (series: EventResource) => void
}

/** The days of a series that are not as the others, each with a way to have it as they are. */
export function Exceptions({ eventId, onWritten }: Props) {
  const w = editorWords.value
  const [found, setFound] = useState<Found | null>(null)
  const [problem, setProblem] = useState('')
  const read = async () => {
    try {
      const fresh = await find(eventId)
      setFound(fresh)
      return fresh
    } catch (error) {
      setProblem(explain(error))
      return null
    }
  }
  const write = async (deed: () => Promise<{ response: Response }>) => {
    setProblem('')
    try {
      await written([], deed, w.givenBack, true)
    } catch (error) {
      return setProblem(explain(error))
    }
    const fresh = await read()
    if (fresh) onWritten(fresh.series)
  }
  const giveBack = (series: EventResource, value: string) => {
    const params = { path: { eventId }, header: { 'If-Match': `"${series.etag}"` } }
    return write(() => theApi().PATCH('/v1/events/{eventId}', { params, body: { recurrence: withDay(series.recurrence, value) } }))
  }
  const asOthers = (series: EventResource, recurrenceId: string) => {
    const params = { path: { eventId, recurrenceId }, header: { 'If-Match': `"${series.etag}"` } }
    const body: EventInput = plainOf(series, recurrenceId)
    return write(() => theApi().PATCH('/v1/events/{eventId}/occurrences/{recurrenceId}', { params, body } as never))
  }

  return (
    <details class="exceptions" onToggle={(toggled) => toggled.currentTarget.open && !found && void read()}>
      <summary class="small">{w.exceptions}</summary>
      <p class="problem" role="alert">
        {problem}
      </p>
      <p class="soft" role="status">
        {found && found.removed.length + found.changed.length === 0 ? w.noExceptions : ''}
      </p>
      <ul>
        {found?.removed.map(({ wall, value }) => (
          <li key={value}>
            <span>
              {dayText(wall)} · {w.removedDay}
            </span>
            <button type="button" aria-label={`${w.giveBack}: ${dayText(wall)}`} onClick={() => void giveBack(found.series, value)}>
              {w.giveBack}
            </button>
          </li>
        ))}
        {found?.changed.map((each) => (
          <li key={each.recurrenceId}>
            <span>
              {dayText(wallOf(each.recurrenceId!))} · {nowText(each)}
            </span>
            <button type="button" aria-label={`${w.asOthers}: ${dayText(wallOf(each.recurrenceId!))}`} onClick={() => void asOthers(found.series, each.recurrenceId!)}>
              {w.asOthers}
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}

function dayText(wall: string): string {
  const format = formatOf(locale.value, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  return format.format(printable(dayOf(wall)))
}

/** What a changed day is now. */
function nowText(event: EventResource): string {
  const start = wallIn(event.start, zone.value)
  const moved = dayOf(start) === dayOf(wallOf(event.recurrenceId!)) ? '' : `${dayText(start)}, `
  return `${moved}${event.start.date ? words.value.allDay : timeText(minutesOf(start))} · ${event.summary || words.value.noTitle}`
}
