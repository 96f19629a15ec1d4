import { useMemo } from 'preact/hooks'
import { linesOf, type DayLine, type Part } from '../day-lines'
import { isPast, order } from '../grid-layout'
import { locale, words } from '../i18n'
import { formatOf } from '../i18n/format'
import { now } from '../state/clock'
import { seenBetween, type ShownEvent } from '../state/events'
import { newEvent } from '../state/navigation'
import { openEvent } from '../state/open'
import { useSeen } from '../state/paint'
import { colorOf } from '../state/session'
import { daysWithTasks, tasksOn } from '../state/tasks'
import { minutesOf, printable } from '../time'
import { dueAt, DueLine } from './due-tasks'
import { labelOf, rangeText, timeText } from './event-text'
import { FirstSteps } from './first-steps'

/** More events than these are drawn in two steps: first as many as a screen holds. */
const MANY = 60
const FIRST = 24

/** What comes, day by day. */
export function Agenda({ from, to }: { from: string; to: string }) {
  const events = seenBetween(from, to)
  const due = daysWithTasks(from, to)
  const isMany = events.length > MANY
  const whole = useSeen(`${from} ${isMany}`) || !isMany
  if (events.length === 0 && due.length === 0) return <FirstSteps />
  const days = linesOf(whole ? events : events.slice(0, FIRST), from, to)
  for (const day of whole ? due : []) if (!days.has(day)) days.set(day, [])
  return (
    <div class="agenda">
      {[...days].sort(([one], [other]) => order(one, other)).map(([day, lines]) => (
        <DayLines key={day} day={day} lines={lines} />
      ))}
    </div>
  )
}

/** What is due on a day, and its events, below its name. */
export function DayLines({ day, lines }: { day: string; lines: readonly DayLine<ShownEvent>[] }) {
  const format = formatOf(locale.value, { weekday: 'long', day: 'numeric', month: 'long' })
  const name = format.format(printable(day))
  // Drawn once for these lines: a tick of a task draws no event anew.
  const drawn = useMemo(() => lines.map((each) => ({ at: each.at, item: <li key={each.event.id}><Line {...each} /></li> })), [lines])
  const due = tasksOn(day).map((each) => ({ at: dueAt(each), item: <li key={each.id}><DueLine task={each} /></li> }))
  return (
    <section class="day-lines" aria-label={name}>
      <h2>{name}</h2>
      {lines.length === 0 && due.length === 0 && (
        <p class="soft">
          {words.value.emptyAgenda}{' '}
          <button type="button" class="plain small" onClick={newEvent}>
            {words.value.newEvent}
          </button>
        </p>
      )}
      <ul>{[...due, ...drawn].sort((one, other) => one.at - other.at).map(({ item }) => item)}</ul>
    </section>
  )
}

function Line({ event: shown, part }: DayLine<ShownEvent>) {
  const { event } = shown
  return (
    <button
      type="button"
      class={isPast(shown, now.value) ? 'agenda-line past' : 'agenda-line'}
      style={{ '--color': event.color ?? colorOf.value(event.calendarId) }}
      aria-label={labelOf(shown)}
      onClick={(click) => openEvent(shown, click.currentTarget.getBoundingClientRect())}
    >
      <span class="when">{partText(shown, part)}</span>
      <span class="summary">{event.summary || words.value.noTitle}</span>
      {event.location && <span class="where">{event.location}</span>}
    </button>
  )
}

/** When on this day: `from 2 PM`, `All day`, `until 11 AM`, or both its times. */
function partText({ start, end }: ShownEvent, part: Part): string {
  const w = words.value
  switch (part) {
    case 'whole':
      return w.allDay
    case 'from':
      return w.fromTime.replace('{time}', timeText(minutesOf(start)))
    case 'until':
      return w.untilTime.replace('{time}', timeText(minutesOf(end)))
    case 'times':
      return rangeText(minutesOf(start), minutesOf(end))
  }
}
