/** What stands on each day of a list: pure functions, as the grid's layout is. */
import { lastDay, order, type Shown } from './grid-layout'
import { addDays, dayOf, minutesOf } from './time'

/** What of an event lies on a day: all of the day, its begin, its end, or all of the event. */
export type Part = 'whole' | 'from' | 'until' | 'times'

export interface DayLine<T> {
  event: T
  part: Part
  /** Minutes of the day at which it stands; what lasts the whole day is before all others. */
  at: number
}

/** The days from `from` up to `to` (excluded) on which something is, in order, and what: each event on every day that it touches. */
export function linesOf<T extends Shown>(events: readonly T[], from: string, to: string): Map<string, DayLine<T>[]> {
  const found = new Map<string, DayLine<T>[]>()
  for (const event of events) {
    const [first, last] = [dayOf(event.start), lastDay(event)]
    for (let day = first < from ? from : first; day <= last && day < to; day = addDays(day, 1)) {
      const list = found.get(day)
      const line = lineOn(event, day, first, last)
      if (list) list.push(line)
      else found.set(day, [line])
    }
  }
  for (const list of found.values()) list.sort((one, other) => one.at - other.at)
  return new Map([...found].sort(([one], [other]) => order(one, other)))
}

function lineOn<T extends Shown>(event: T, day: string, first: string, last: string): DayLine<T> {
  const at = day === first ? minutesOf(event.start) : 0
  const goesOn = dayOf(event.end) > day
  if (event.allDay || (at === 0 && goesOn)) return { event, part: 'whole', at: -1 }
  if (day === first) return { event, part: day === last ? 'times' : 'from', at }
  return { event, part: 'until', at }
}
