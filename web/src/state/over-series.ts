/** Pure: a move of one occurrence, as a move of its whole series. */
import type { DateOrTime, EventResource } from '../api/client'
import { addDays, addMinutes, dayOf, daysBetween, minutesBetween } from '../time'

type Times = Pick<EventResource, 'start' | 'end'>

/** As many days away as the occurrence went from `was` to `now`, at the new time of day, and as long as it is now. */
export function timesOverSeries(series: Times, was: Times, now: Times): Times {
  const length = minutesBetween(wall(now.start), wall(now.end))
  if (now.start.date) {
    const first = addDays(dayOf(wall(series.start)), daysBetween(dayOf(wall(was.start)), now.start.date))
    return { start: { date: first }, end: { date: addDays(first, Math.round(length / 1440)) } } as Times
  }
  const first = addMinutes(wall(series.start), minutesBetween(wall(was.start), wall(now.start)))
  const start = { dateTime: first, timeZone: now.start.timeZone }
  return { start, end: { dateTime: addMinutes(first, length), timeZone: now.end.timeZone } } as Times
}

/** As it stands on its own clock. */
function wall(time: DateOrTime): string {
  return time.date ? `${time.date}T00:00:00` : (time.dateTime ?? '')
}
