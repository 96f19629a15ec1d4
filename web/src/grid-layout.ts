/** Where things stand in a grid: pure functions of what is shown. */
import { addDays, daysBetween, dayOf, minutesBetween, minutesOf } from './time'

const DAY = 24 * 60

/** What a grid needs to know of an event: wall times in the reader's zone; `end` is excluded. */
export interface Shown {
  id: string
  start: string
  end: string
  allDay: boolean
  /** Minutes that it takes where its end is no later on the clock, which shows that hour twice. */
  lasts?: number
}

/** Of dates, wall times and ids: by their letters, which is faster than by a language. */
export function order(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

/** A timed event on one day: minutes of that day, and its column of the `columns` that share its time. */
export interface Placed<T> {
  event: T
  from: number
  to: number
  column: number
  columns: number
  /** Columns that it takes: as far to the right as nothing else is there. */
  wide: number
  /** Those that stand side by side have the same number. */
  group: number
  /** Whether it began on an earlier day, or goes on. */
  before: boolean
  after: boolean
}

/** Minutes that an event takes at least, so that it can be read and hit. */
export const SHORTEST = 28

/** Whether an event lies in the strip of days above the hours: all day, or longer than one. */
export function isLong(event: Shown): boolean {
  return event.allDay || (dayOf(event.start) !== dayOf(event.end) && minutesBetween(event.start, event.end) >= DAY)
}

/** The timed events of one day, side by side where they overlap; those of a group share its width evenly. */
export function placeDay<T extends Shown>(events: readonly T[], day: string): Placed<T>[] {
  const midnight = `${day}T00:00:00`
  const next = `${addDays(day, 1)}T00:00:00`
  const placed = events
    .filter((event) => event.start < next && (event.end > midnight || (event.end === midnight && event.start === midnight)))
    .map((event) => {
      const from = event.start < midnight ? 0 : minutesOf(event.start)
      const to = event.end >= next ? DAY : minutesOf(event.end)
      return { event, from, to: Math.max(to, Math.min(DAY, from + Math.max(SHORTEST, event.lasts ?? 0))), column: 0, columns: 1, wide: Infinity, group: 0,
        before: event.start < midnight, after: event.end > next }
    })
    .sort((one, other) => one.from - other.from || other.to - one.to || order(one.event.id, other.event.id))
  let group: typeof placed = []
  let until = 0
  let number = 0
  for (const each of placed) {
    if (each.from >= until) {
      share(group)
      group = []
      until = 0
      number += 1
    }
    each.group = number
    findColumn(each, group)
    group.push(each)
    until = Math.max(until, each.to)
  }
  share(group)
  return placed
}

/** The first column that is free beside those before it; `wide` becomes the nearest column to the right that is not. */
function findColumn(each: Placed<Shown>, group: readonly Placed<Shown>[]): void {
  const beside = group.filter((other) => other.to > each.from)
  const taken = new Set(beside.map((other) => other.column))
  while (taken.has(each.column)) each.column += 1
  for (const other of beside) {
    if (other.column < each.column) other.wide = Math.min(other.wide, each.column)
    else each.wide = Math.min(each.wide, other.column)
  }
}

function share(group: readonly Placed<Shown>[]): void {
  const columns = Math.max(0, ...group.map((each) => each.column)) + 1
  for (const each of group) {
    each.columns = columns
    each.wide = Math.min(columns, each.wide) - each.column
  }
}

/** Events of a group that would be too narrow to read: so many, between these minutes. */
export interface Crowd {
  from: number
  to: number
  count: number
  column: number
  columns: number
}

/** Of each group only so many columns; the others are counted, in the last of them. */
export function thinned<T>(placed: readonly Placed<T>[], most: number): { shown: Placed<T>[]; crowds: Crowd[] } {
  const crowds = new Map<number, Crowd>()
  const shown: Placed<T>[] = []
  for (const each of placed) {
    if (each.columns <= most) shown.push(each)
    else if (each.column < most - 1) shown.push({ ...each, columns: most, wide: Math.min(each.wide, most - 1 - each.column) })
    else {
      const crowd = crowds.get(each.group) ?? { from: each.from, to: each.to, count: 0, column: most - 1, columns: most }
      crowds.set(each.group, { ...crowd, to: Math.max(crowd.to, each.to), count: crowd.count + 1 })
    }
  }
  return { shown, crowds: [...crowds.values()] }
}

/** Whether it is over at this wall time. */
export function isPast({ end, allDay }: Shown, now: string): boolean {
  return allDay ? end <= now.slice(0, 10) : end <= now
}

/** The part of a span of wall time that lies on a day, in its minutes; null: none. */
export function partOn(day: string, start: string, end: string): { from: number; to: number } | null {
  const midnight = `${day}T00:00:00`
  const from = Math.max(0, minutesBetween(midnight, start))
  const to = Math.min(DAY, minutesBetween(midnight, end))
  return from < to ? { from, to } : null
}

/** A bar over days: first and last column (both included) and the lane it lies in. */
export interface Bar<T> {
  event: T
  first: number
  last: number
  lane: number
  before: boolean
  after: boolean
}

/** The last day on which an event is seen. */
export function lastDay(event: Shown): string {
  const end = dayOf(event.end)
  const isMidnight = event.allDay || event.end.slice(11, 16) === '00:00'
  return isMidnight && end > dayOf(event.start) ? addDays(end, -1) : end
}

/** Events as bars over `count` days from `first`, each in the highest lane that is free: the longest first. */
export function placeBars<T extends Shown>(events: readonly T[], first: string, count: number): Bar<T>[] {
  const bars = events
    .map((event) => {
      const from = daysBetween(first, dayOf(event.start))
      const to = daysBetween(first, lastDay(event))
      return { event, first: Math.max(0, from), last: Math.min(count - 1, to), lane: 0, before: from < 0, after: to >= count }
    })
    .filter((bar) => bar.first <= bar.last)
    .sort(
      (one, other) =>
        one.first - other.first ||
        other.last - one.last ||
        Number(other.event.allDay) - Number(one.event.allDay) ||
        order(one.event.start, other.event.start) ||
        order(one.event.id, other.event.id),
    )
  const ends: number[] = []
  for (const bar of bars) {
    while ((ends[bar.lane] ?? -1) >= bar.first) bar.lane += 1
    ends[bar.lane] = bar.last
  }
  return bars
}

/** The lanes below `most` that no bar takes on a day, from above: room for what lies on that day alone. */
export function freeLanes<T>(bars: readonly Bar<T>[], day: number, most: number): number[] {
  const taken = new Set(bars.filter((bar) => bar.first <= day && bar.last >= day).map((bar) => bar.lane))
  return Array.from({ length: most }, (_, lane) => lane).filter((lane) => !taken.has(lane))
}
