import { isLong } from '../grid-layout'
import { locale, words } from '../i18n'
import { formatOf } from '../i18n/format'
import { seenBetween, type ShownEvent } from '../state/events'
import { newEvent } from '../state/navigation'
import { openEvent } from '../state/open'
import { colorOf } from '../state/session'
import { dayOf, minutesOf, printable } from '../time'
import { labelOf, timeText } from './event-text'

/** What comes, day by day. */
export function Agenda({ from, to }: { from: string; to: string }) {
  const events = seenBetween(from, to)
  if (events.length === 0) return <Empty />
  const format = formatOf(locale.value, { weekday: 'long', day: 'numeric', month: 'long' })
  const days = new Map<string, ShownEvent[]>()
  for (const each of events) {
    const day = dayOf(each.start) < from ? from : dayOf(each.start)
    days.set(day, [...(days.get(day) ?? []), each])
  }
  return (
    <div class="agenda">
      {[...days].map(([day, items]) => (
        <section key={day} aria-label={format.format(printable(day))}>
          <h2>{format.format(printable(day))}</h2>
          <ul>
            {items.map((each) => (
              <li key={each.id}>
                <Line shown={each} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function Empty() {
  return (
    <div class="empty">
      <p>{words.value.emptyAgenda}</p>
      <button type="button" onClick={newEvent}>
        {words.value.newEvent}
      </button>
    </div>
  )
}

function Line({ shown }: { shown: ShownEvent }) {
  const { event } = shown
  return (
    <button
      type="button"
      class="agenda-line"
      style={{ '--color': event.color ?? colorOf.value(event.calendarId) }}
      aria-label={labelOf(shown)}
      onClick={(click) => openEvent(shown, click.currentTarget.getBoundingClientRect())}
    >
      <span class="when">
        {isLong(shown) ? words.value.allDay : `${timeText(minutesOf(shown.start))} – ${timeText(minutesOf(shown.end))}`}
      </span>
      <span class="summary">{event.summary || words.value.noTitle}</span>
      {event.location && <span class="where">{event.location}</span>}
    </button>
  )
}
