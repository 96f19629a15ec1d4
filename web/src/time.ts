/** Dates and times as text: `2026-11-23`, and wall time `2026-11-23T09:00:00` in the reader's zone. */
import type { DateOrTime } from './api/client'

const DAY_MS = 86_400_000
const WITH_OFFSET = /(?:Z|[+-]\d\d:\d\d)$/

/** Browsers without Temporal get it before anything is shown. */
export async function ensureTemporal(): Promise<void> {
  if (!('Temporal' in globalThis)) await import('temporal-polyfill/global')
}

/** The wall time, or the date, of a time as a reader in `zone` sees it. Floating time is the same everywhere. */
export function wallIn(time: DateOrTime, zone: string): string {
  if (time.date) return time.date
  const text = time.dateTime ?? ''
  if (time.timeZone === zone) return text
  if (time.timeZone) {
    const there = Temporal.PlainDateTime.from(text).toZonedDateTime(time.timeZone)
    return there.withTimeZone(zone).toPlainDateTime().toString({ smallestUnit: 'second' })
  }
  if (!WITH_OFFSET.test(text)) return text
  return Temporal.Instant.from(text).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' })
}

/** Whether it is on no zone's clock, as a date is: so it has no hour that any zone leaves out. */
export function floats({ date, dateTime, timeZone }: DateOrTime): boolean {
  return Boolean(date) || !(timeZone || WITH_OFFSET.test(dateTime ?? ''))
}

/** The same instant on the clock of another zone. */
export function rezoned(wall: string, from: string, to: string): string {
  return wallIn({ dateTime: wall, timeZone: from }, to)
}

/** Where summer time begins an hour is left out: a wall time in it as much later, or before it where that is meant. */
export function outOfGap(wall: string, zone: string, before = false): string {
  const told = Temporal.PlainDateTime.from(wall)
  const there = told.toZonedDateTime(zone, { disambiguation: before ? 'earlier' : 'later' }).toPlainDateTime()
  return there.equals(told) ? wall : there.toString({ smallestUnit: 'second' })
}

/** Hours in which clocks are changed somewhere: only in them is it asked whether a clock left one out, which costs. */
const NIGHT = /T(?:0[0-3]|2[23])/

/** As `wallIn`, and what the clock shows where a time's own clock leaves it out: 03:30 for 02:30 (RFC 5545 3.3.5). */
export function shownIn(time: DateOrTime, zone: string): string {
  const wall = wallIn(time, zone)
  return time.timeZone === zone && NIGHT.test(wall) ? outOfGap(wall, zone) : wall
}

/** Minutes from one time to another in truth, whatever their clocks show; both have a zone or an offset. */
export function minutesPassed(from: DateOrTime, to: DateOrTime): number {
  return minutesBetween(wallIn(from, 'UTC'), wallIn(to, 'UTC'))
}

/** Wall time when so many minutes have passed. */
export function later(wall: string, minutes: number, zone: string): string {
  return Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).add({ minutes }).toPlainDateTime().toString({ smallestUnit: 'second' })
}

export function nowIn(zone: string): string {
  return wallIn({ dateTime: new Date().toISOString() }, zone)
}

/** In the browser's own zone, with no need of the data of zones, which takes long to load. */
export function nowHere(): string {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

export function dayOf(wall: string): string {
  return wall.slice(0, 10)
}

/** Minutes since midnight. */
export function minutesOf(wall: string): number {
  return wall.length > 10 ? Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16)) : 0
}

function days(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS
}

export function addDays(date: string, count: number): string {
  return new Date((days(date) + count) * DAY_MS).toISOString().slice(0, 10)
}

export function daysBetween(from: string, to: string): number {
  return days(to) - days(from)
}

export function addMonths(date: string, count: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const first = new Date(Date.UTC(year, month - 1 + count, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(day, last))
  return first.toISOString().slice(0, 10)
}

/** 0 is Sunday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay()
}

const FIRST: Record<string, number> = { SU: 0, MO: 1, SA: 6 }

/** The first day of the week in which a date lies; `weekStart` is MO, SU or SA. */
export function startOfWeek(date: string, weekStart: string): string {
  return addDays(date, -((weekdayOf(date) - (FIRST[weekStart] ?? 1) + 7) % 7))
}

export function startOfMonth(date: string): string {
  return `${date.slice(0, 8)}01`
}

/** Wall time so many minutes after another, by the clock on the wall. */
export function addMinutes(wall: string, minutes: number): string {
  const moved = new Date(Date.parse(`${wall.slice(0, 16)}:00Z`) + minutes * 60_000)
  return moved.toISOString().slice(0, 19)
}

export function minutesBetween(from: string, to: string): number {
  return (Date.parse(`${to.slice(0, 16)}:00Z`) - Date.parse(`${from.slice(0, 16)}:00Z`)) / 60_000
}

/** A date as a Date that prints right with `timeZone: 'UTC'`. */
export function printable(wall: string): Date {
  return new Date(wall.length > 10 ? `${wall.slice(0, 19)}Z` : `${wall}T00:00:00Z`)
}
