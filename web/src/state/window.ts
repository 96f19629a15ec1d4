import { addDays, addMonths, startOfMonth, startOfWeek } from '../time'
import type { Route } from './route'
import { weekStart } from './session'

export const AGENDA_DAYS = 30

/** The days that a route shows: `to` is excluded. */
export function windowOf({ view, date }: Route): { from: string; to: string } {
  switch (view) {
    case 'day':
      return { from: date, to: addDays(date, 1) }
    case 'three':
      return { from: date, to: addDays(date, 3) }
    case 'week': {
      const from = startOfWeek(date, weekStart.value)
      return { from, to: addDays(from, 7) }
    }
    case 'month': {
      const from = startOfWeek(startOfMonth(date), weekStart.value)
      const last = addDays(addMonths(startOfMonth(date), 1), -1)
      return { from, to: addDays(startOfWeek(last, weekStart.value), 7) }
    }
    case 'agenda':
      return { from: date, to: addDays(date, AGENDA_DAYS) }
  }
}
