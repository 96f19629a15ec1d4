import { isLong, isPast } from '../grid-layout'
import { locale, words } from '../i18n'
import { formatOf } from '../i18n/format'
import { now } from '../state/clock'
import { seenBetween, type ShownEvent } from '../state/events'
import { newEvent } from '../state/navigation'
import { openEvent } from '../state/open'
import { useSeen } from '../state/paint'
import { colorOf } from '../state/session'
import { dayOf, minutesOf, printable } from '../time'
import { labelOf, rangeText } from './event-text'
import { FirstSteps } from './first-steps'

/** More events than these are drawn in two steps: first as many as a screen holds. */
const MANY = 60
const FIRST = 24

/** What comes, day by day. */
export function Agenda({ from, to }: { from: string; to: string }) {
  const events = seenBetween(from, to)
  const isMany = events.length > MANY
  const whole = useSeen(`${from} ${isMany}`) || !isMany
  if (events.length === 0) return <FirstSteps />
  const days = new Map<string, ShownEvent[]>()
  for (const each of whole ? events : events.slice(0, FIRST)) {
    const day = dayOf(each.start) < from ? from : dayOf(each.start)
    const list = days.get(day)
    if (list) list.push(each)
    else days.set(day, [each])
  }
  return (
    <div class="agenda">
      {[...days].map(([day, items]) => (
        <DayLines key={day} day={day} events={items} />
      ))}
    </div>
  )
}

/** The events of a day, below its name. */
export function DayLines({ day, events }: { day: string; events: readonly ShownEvent[] }) {
  const format = formatOf(locale.value, { weekday: 'long', day: 'numeric', month: 'long' })
  const name = format.format(printable(day))
  return (
    <section class="day-lines" aria-label={name}>
      <h2>{name}</h2>
      {events.length === 0 && (
        <p class="soft">
          {words.value.emptyAgenda}{' '}
          <button type="button" class="plain small" onClick={newEvent}>
            {words.value.newEvent}
          </button>
        </p>
      )}
      <ul>
        {events.map((each) => (
          <li key={each.id}>
            <Line shown={each} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Line({ shown }: { shown: ShownEvent }) {
  const { event } = shown
  return (
    <button
      type="button"
      class={isPast(shown, now.value) ? 'agenda-line past' : 'agenda-line'}
      style={{ '--color': event.color ?? colorOf.value(event.calendarId) }}
      aria-label={labelOf(shown)}
      onClick={(click) => openEvent(shown, click.currentTarget.getBoundingClientRect())}
    >
      <span class="when">
        {isLong(shown) ? words.value.allDay : rangeText(minutesOf(shown.start), minutesOf(shown.end))}
      </span>
      <span class="summary">{event.summary || words.value.noTitle}</span>
      {event.location && <span class="where">{event.location}</span>}
    </button>
  )
}
