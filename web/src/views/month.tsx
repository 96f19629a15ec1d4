import { placeBars } from '../grid-layout'
import { locale, words } from '../i18n'
import { seenBetween } from '../state/events'
import { openDraft } from '../state/open'
import { go } from '../state/route'
import { zone } from '../state/session'
import { addDays, daysBetween, dayOf, nowIn, printable } from '../time'
import { EventButton } from './time-grid'

const LANES = 3

/** Weeks below each other; what does not fit is behind a button that leads to the day. */
export function Month({ from, to, month }: { from: string; to: string; month: string }) {
  const weeks = Array.from({ length: daysBetween(from, to) / 7 }, (_, index) => addDays(from, index * 7))
  const name = new Intl.DateTimeFormat(locale.value, { weekday: 'short', timeZone: 'UTC' })
  return (
    <div class="month" role="group" aria-label={words.value.month}>
      <div class="day-names" aria-hidden="true">
        {Array.from({ length: 7 }, (_, index) => (
          <span class="day-name" key={index}>
            {name.format(printable(addDays(from, index)))}
          </span>
        ))}
      </div>
      {weeks.map((first) => (
        <Week key={first} first={first} month={month} />
      ))}
    </div>
  )
}

function Week({ first, month }: { first: string; month: string }) {
  const bars = placeBars(seenBetween(first, addDays(first, 7)), first, 7)
  const today = dayOf(nowIn(zone.value))
  const full = new Intl.DateTimeFormat(locale.value, { dateStyle: 'full', timeZone: 'UTC' })
  const dates = Array.from({ length: 7 }, (_, index) => addDays(first, index))
  return (
    <div class="week">
      {dates.map((date, index) => {
        const more = bars.filter((bar) => bar.first <= index && bar.last >= index && bar.lane >= LANES).length
        const place = { gridColumn: index + 1 }
        return (
          <div
            key={date}
            class={`cell ${date === today ? 'today' : ''} ${date.slice(0, 7) === month.slice(0, 7) ? '' : 'other'}`}
            style={place}
            onDblClick={() => openDraft({ start: date, end: addDays(date, 1), allDay: true })}
          >
            <button type="button" class="number" aria-label={full.format(printable(date))} onClick={() => go({ view: 'day', date })}>
              {Number(date.slice(8))}
            </button>
            {more > 0 && (
              <button type="button" class="more" onClick={() => go({ view: 'day', date })}>
                {words.value.more.replace('{count}', String(more))}
              </button>
            )}
          </div>
        )
      })}
      {bars
        .filter((bar) => bar.lane < LANES)
        .map((bar) => (
          <EventButton
            key={bar.event.id}
            shown={bar.event}
            class={bar.event.allDay || bar.last > bar.first ? 'bar' : 'line'}
            style={{ gridColumn: `${bar.first + 1} / ${bar.last + 2}`, gridRow: bar.lane + 2 }}
          />
        ))}
    </div>
  )
}
