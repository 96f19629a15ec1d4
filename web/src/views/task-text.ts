import type { Task } from '../api/client'
import { locale, words } from '../i18n'
import { today } from '../state/navigation'
import { zone } from '../state/session'
import { isDone, wallOf } from '../task-list'
import { dayOf, daysBetween, minutesOf, printable } from '../time'
import { timeText } from './event-text'

/** `today, 9:00`, `Tue, 1 Dec`: a wall time as somebody says it on a day. */
export function dueText(wall: string, today: string): string {
  const away = daysBetween(today, dayOf(wall))
  const day = Math.abs(away) <= 1 ? nearText(away) : dateText(dayOf(wall), today)
  return wall.length > 10 ? `${day}, ${timeText(minutesOf(wall))}` : day
}

function nearText(away: number): string {
  return new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }).format(away, 'day')
}

/** `Tue, 1 Dec`, with its year where that is another. */
export function dateText(day: string, today: string): string {
  const year = day.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: 'numeric' } as const)
  const format = { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC', ...year } as const
  return new Intl.DateTimeFormat(locale.value, format).format(printable(day))
}

/** `Tue, 1 Dec, 09:00`: the same, by its date however near it is. */
export function timeOn(wall: string, today: string): string {
  const day = dateText(dayOf(wall), today)
  return wall.length > 10 ? `${day}, ${timeText(minutesOf(wall))}` : day
}

/** What is said when a task was ticked off, from how it stands then: a series has moved on to its next time. */
export function finishedText(now: Task): string {
  const wall = isDone(now) ? '' : wallOf(now, zone.value)
  return wall ? words.value.finishedUntil.replace('{when}', dueText(wall, today())) : words.value.finished
}
