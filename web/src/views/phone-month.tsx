import { linesOf, type DayLine } from '../day-lines'
import { lastDay } from '../grid-layout'
import { counted, locale, words } from '../i18n'
import { formatOf, fullDate } from '../i18n/format'
import { now } from '../state/clock'
import { seenBetween, type ShownEvent } from '../state/events'
import { go } from '../state/route'
import { colorOf } from '../state/session'
import { tasksOn } from '../state/tasks'
import { isDone } from '../task-list'
import { addDays, daysBetween, dayOf, printable } from '../time'
import { DayLines } from './agenda'

const DOTS = 3
const NONE: DayLine<ShownEvent>[] = []

/** A month that fits a hand: dots for what is on a day, and the events of the chosen one below. */
export function PhoneMonth({ from, to, chosen }: { from: string; to: string; chosen: string }) {
  const events = seenBetween(from, to)
  const dates = Array.from({ length: daysBetween(from, to) }, (_, index) => addDays(from, index))
  const narrowName = formatOf(locale.value, { weekday: 'narrow' })
  const lines = linesOf(events, chosen, addDays(chosen, 1)).get(chosen) ?? NONE
  const on = (date: string) => events.filter((each) => dayOf(each.start) <= date && lastDay(each) >= date)
  return (
    <div class="phone-month">
      <div class="dots" role="group" aria-label={words.value.month}>
        {dates.slice(0, 7).map((date) => (
          <span key={date} class="day-name" aria-hidden="true">
            {narrowName.format(printable(date))}
          </span>
        ))}
        {dates.map((date) => (
          <Day key={date} date={date} chosen={chosen} events={on(date)} />
        ))}
      </div>
      <DayLines key={chosen} day={chosen} lines={lines} />
    </div>
  )
}

function Day({ date, chosen, events }: { date: string; chosen: string; events: readonly ShownEvent[] }) {
  const colors = [...new Set(events.map(({ event }) => event.color ?? colorOf.value(event.calendarId)))]
  const due = tasksOn(date).filter((task) => !isDone(task))
  const told = [
    fullDate(date),
    events.length > 0 && counted(words.value.eventCount, events.length),
    due.length > 0 && counted(words.value.taskCount, due.length),
  ]
  return (
    <button
      type="button"
      class={date.slice(0, 7) === chosen.slice(0, 7) ? '' : 'other'}
      aria-label={told.filter(Boolean).join(', ')}
      aria-current={date === dayOf(now.value) ? 'date' : undefined}
      aria-pressed={date === chosen}
      onClick={() => go({ date })}
    >
      <b>{Number(date.slice(8))}</b>
      <span class="dot-line" aria-hidden="true">
        {colors.slice(0, DOTS).map((color) => (
          <i key={color} style={{ background: color }} />
        ))}
        {due.length > 0 && <i class="ring" style={{ '--color': colorOf.value(due[0]!.calendarId) }} />}
      </span>
    </button>
  )
}
