import { signal } from '@preact/signals'
import { narrow } from './screen'

export const VIEWS = ['day', 'three', 'week', 'month', 'agenda'] as const
export type ViewName = (typeof VIEWS)[number]

/** What the address says: which view, of which day (`2026-11-23`). */
export interface Route {
  view: ViewName
  date: string
}

const PATH = /^\/app\/(?:(day|three|week|month|agenda)(?:\/(\d{4}-\d{2}-\d{2}))?)?\/?$/

export function readRoute(path: string, today: string): Route {
  const found = PATH.exec(path)
  return { view: (found?.[1] as ViewName | undefined) ?? (narrow.value ? 'three' : 'week'), date: found?.[2] ?? today }
}

export function pathOf(route: Route): string {
  return `/app/${route.view}/${route.date}`
}

export const route = signal<Route>({ view: 'week', date: '1970-01-01' })

export function go(to: Partial<Route>): void {
  const next = { ...route.value, ...to }
  if (pathOf(next) !== location.pathname) history.pushState(null, '', pathOf(next))
  route.value = next
}
