/** What of a series is not as its rule says: pure functions over what the API shows. */
import type { DateOrTime, EventInput, EventResource } from '../api/client'
import { addDays, addMinutes, later, minutesBetween, shownIn, wallIn } from '../time'

/** A day that was taken out: its original start, and how it stands in the lines (`20261124T090000`). */
export interface Removed {
  wall: string
  value: string
}

const SAME = ['summary', 'description', 'location', 'url', 'reminders', 'attendees', 'status', 'transparency', 'visibility', 'color', 'categories'] as const

/** `20261124T090000` or `20261124` as wall time, or a date. */
export function wallOf(value: string): string {
  const date = `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6, 8)}`
  return value.length > 8 ? `${date}T${value.slice(9, 11)}:${value.slice(11, 13)}:${value.slice(13, 15)}` : date
}

export function isRemoval(line: string): boolean {
  return /^EXDATE[;:]/i.test(line)
}

function valuesOf(line: string): string[] {
  return line.slice(line.indexOf(':') + 1).split(',')
}

export function removedDays(lines: readonly string[], zone: string): Removed[] {
  const wall = (value: string) => (value.endsWith('Z') ? wallIn({ dateTime: `${wallOf(value)}Z` }, zone) : wallOf(value))
  return lines.filter(isRemoval).flatMap(valuesOf).map((value) => ({ value, wall: wall(value) })).sort((one, other) => one.wall.localeCompare(other.wall))
}

/** The lines without one removal, so that the day takes place again. */
export function withDay(lines: readonly string[], value: string): string[] {
  return lines.flatMap((line) => {
    if (!isRemoval(line) || !valuesOf(line).includes(value)) return [line]
    const left = valuesOf(line).filter((each) => each !== value)
    return left.length ? [`${line.slice(0, line.indexOf(':') + 1)}${left.join(',')}`] : []
  })
}

function zoneOf(series: EventResource): string {
  return series.start.timeZone ?? 'UTC'
}

/** What the series says of one of its occurrences. */
export function plainOf(series: EventResource, recurrenceId: string): EventInput {
  const wall = wallOf(recurrenceId)
  const same = Object.fromEntries(SAME.map((name) => [name, series[name]]))
  return { ...same, ...timesAt(series, wall) } as EventInput
}

function timesAt({ start, end }: EventResource, wall: string): { start: DateOrTime; end: DateOrTime } {
  if (start.date) {
    const days = minutesBetween(`${start.date}T00:00`, `${end.date}T00:00`) / 1440
    return { start: { date: wall }, end: { date: addDays(wall, days) } }
  }
  const home = start.timeZone ?? 'UTC'
  const length = minutesBetween(start.dateTime!, wallIn(end, home))
  // Days stand on the clock; what is shorter takes as long as it takes, also when the clocks are changed.
  const last = length < 1440 && start.timeZone ? later(wall, length, home) : addMinutes(wall, length)
  const endZone = end.timeZone ?? start.timeZone ?? null
  const ends = endZone && endZone !== home ? wallIn({ dateTime: last, timeZone: home }, endZone) : last
  return { start: { dateTime: wall, timeZone: start.timeZone ?? null }, end: { dateTime: ends, timeZone: endZone } }
}

/** Whether an occurrence is another than its series says. */
export function isChanged(occurrence: EventResource, series: EventResource): boolean {
  const zone = zoneOf(series)
  const plain = timesAt(series, wallOf(occurrence.recurrenceId ?? ''))
  const differs = (one: unknown, other: unknown) => JSON.stringify(one) !== JSON.stringify(other)
  return (
    shownIn(occurrence.start, zone) !== shownIn(plain.start, zone) ||
    wallIn(occurrence.end, zone) !== wallIn(plain.end, zone) ||
    SAME.some((name) => differs(occurrence[name], series[name]))
  )
}
