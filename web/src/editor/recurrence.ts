/** The repeat rules that the editor can show: read from RRULE text, written as RRULE text (RFC 5545 3.3.10). */
import { addDays, addMonths, rezoned, weekdayOf } from '../time'

export const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const
export type Weekday = (typeof WEEKDAYS)[number]
export type Frequency = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'

export interface Repeat {
  frequency: Frequency
  /** The day of which it has its weekday and its place in the month. */
  day: string
  interval: number
  /** Of WEEKLY. */
  days: Weekday[]
  /** Of MONTHLY and YEARLY: on the day of the month, or on the nth weekday (-1: the last). */
  on: 'day' | 'weekday'
  nth: number
  ends: 'never' | 'on' | 'after'
  /** The last day on which it may happen. */
  until: string
  count: number
}

export function nthOf(date: string): number {
  return Math.ceil(Number(date.slice(8)) / 7)
}

/** What is offered first to somebody who lets an event on this day repeat. */
export function freshRepeat(frequency: Frequency, date: string): Repeat {
  return {
    frequency,
    day: date,
    interval: 1,
    days: [WEEKDAYS[weekdayOf(date)]!],
    on: 'day',
    nth: nthOf(date) > 4 ? -1 : nthOf(date),
    ends: 'never',
    until: addMonths(date, frequency === 'YEARLY' ? 60 : 3),
    count: 10,
  }
}

/** The rule for an event on another day: what it has of its day it has of that one then. */
export function onDay(repeat: Repeat, date: string): Repeat {
  if (!date || !repeat.day || date === repeat.day) return repeat
  const [old, now] = [WEEKDAYS[weekdayOf(repeat.day)]!, WEEKDAYS[weekdayOf(date)]!]
  const days = repeat.days.includes(now) ? repeat.days : repeat.days.map((day) => (day === old ? now : day))
  const isLast = mayBeLast(date) && (repeat.nth < 0 || nthOf(date) > 4)
  return { ...repeat, day: date, days, nth: isLast ? -1 : nthOf(date) }
}

/** What is typed where a number is wanted, from 1 on; null while it is none. */
export function countIn(text: string, most: number): number | null {
  const count = Number(text)
  return Number.isInteger(count) && count >= 1 && count <= most ? count : null
}

/** The rule of a series as a form can show it; null for one that it cannot, which is then left as it is. */
export function readRepeat(lines: readonly string[], start: string, zone: string): Repeat | null {
  if (lines.length !== 1 || !lines[0]!.startsWith('RRULE:')) return null
  const parts = new Map(lines[0]!.slice(6).split(';').map((part) => part.split('=') as [string, string]))
  const frequency = parts.get('FREQ') as Frequency
  if (!['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(frequency)) return null
  const date = start.slice(0, 10)
  const repeat = { ...freshRepeat(frequency, date), interval: Number(parts.get('INTERVAL') ?? 1) }
  parts.delete('FREQ')
  parts.delete('INTERVAL')
  parts.delete('WKST')
  readEnd(parts, repeat, zone)
  if (!readDays(parts, repeat, date)) return null
  return parts.size === 0 ? repeat : null
}

function readEnd(parts: Map<string, string>, repeat: Repeat, zone: string): void {
  const count = parts.get('COUNT')
  const until = parts.get('UNTIL')
  if (count) Object.assign(repeat, { ends: 'after', count: Number(count) })
  if (until) Object.assign(repeat, { ends: 'on', until: lastDay(until, zone) })
  parts.delete('COUNT')
  parts.delete('UNTIL')
}

/** `20261223T165959Z` as a day in the zone. */
function lastDay(until: string, zone: string): string {
  const date = `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}`
  if (!until.endsWith('Z')) return date
  const time = `${until.slice(9, 11)}:${until.slice(11, 13)}:${until.slice(13, 15)}`
  return rezoned(`${date}T${time}`, 'UTC', zone).slice(0, 10)
}

function readDays(parts: Map<string, string>, repeat: Repeat, date: string): boolean {
  const text = parts.get('BYDAY')
  if (parts.get('BYMONTHDAY') === String(Number(date.slice(8))) && repeat.frequency === 'MONTHLY') parts.delete('BYMONTHDAY')
  if (parts.get('BYMONTH') === String(Number(date.slice(5, 7))) && repeat.frequency === 'YEARLY') parts.delete('BYMONTH')
  if (!text) return true
  parts.delete('BYDAY')
  if (repeat.frequency === 'WEEKLY') {
    repeat.days = text.split(',') as Weekday[]
    return repeat.days.every((day) => WEEKDAYS.includes(day))
  }
  const nth = /^(-1|[1-5])([A-Z]{2})$/.exec(text)
  if (!nth || repeat.frequency === 'DAILY' || nth[2] !== WEEKDAYS[weekdayOf(date)]) return false
  Object.assign(repeat, { on: 'weekday', nth: Number(nth[1]) })
  return true
}

/** The line of `recurrence`. UNTIL is a date for all-day events, else the last second of that day in UTC. */
export function writeRepeat(rule: Repeat, start: string, zone: string): string[] {
  const date = start.slice(0, 10)
  const repeat = onDay(rule, date)
  const parts = [`FREQ=${repeat.frequency}`]
  if (repeat.interval > 1) parts.push(`INTERVAL=${repeat.interval}`)
  if (repeat.frequency === 'WEEKLY') {
    const days = WEEKDAYS.filter((day) => repeat.days.includes(day))
    parts.push(`BYDAY=${(days.length ? days : [WEEKDAYS[weekdayOf(date)]!]).join(',')}`)
  }
  if (repeat.on === 'weekday' && (repeat.frequency === 'MONTHLY' || repeat.frequency === 'YEARLY')) {
    if (repeat.frequency === 'YEARLY') parts.push(`BYMONTH=${Number(date.slice(5, 7))}`)
    parts.push(`BYDAY=${repeat.nth}${WEEKDAYS[weekdayOf(date)]}`)
  }
  if (repeat.ends === 'after') parts.push(`COUNT=${repeat.count}`)
  if (repeat.ends === 'on') parts.push(`UNTIL=${start.length > 10 ? lastSecond(repeat.until, zone) : compact(repeat.until)}`)
  return [`RRULE:${parts.join(';')}`]
}

function compact(text: string): string {
  return text.replaceAll(/[-:]/g, '')
}

function lastSecond(date: string, zone: string): string {
  return `${compact(rezoned(`${date}T23:59:59`, zone, 'UTC'))}Z`
}

/** Whether "the last" is what an nth weekday may mean too. */
export function mayBeLast(date: string): boolean {
  return addDays(date, 7).slice(0, 7) !== date.slice(0, 7)
}
