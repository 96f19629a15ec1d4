import { signal } from '@preact/signals'
import { visit } from './over'
import { narrow } from './screen'

export const VIEWS = ['day', 'three', 'week', 'month', 'agenda'] as const
export type ViewName = (typeof VIEWS)[number]

/** What is not a view of the calendar, in the order of the sidebar. */
export const SECTIONS = ['tasks', 'reminders', 'schedules', 'import', 'trash', 'settings'] as const
export type SectionName = (typeof SECTIONS)[number]

/** What the address says: which view, of which day (`2026-11-23`). */
export interface Route {
  view: ViewName
  date: string
}

/** A section, and which of its parts (`/app/settings/security`). */
export interface Section {
  name: SectionName
  part: string
}

const CALENDAR = /^\/app\/(?:(day|three|week|month|agenda)(?:\/(\d{4}-\d{2}-\d{2}))?)?\/?$/
const SECTION = /^\/app\/(tasks|reminders|schedules|import|trash|settings)(?:\/([\w-]+))?\/?$/

/** A phone shows three days where a desk shows a week. */
function fitting(view: ViewName): ViewName {
  if (view === 'week' || view === 'three') return narrow.value ? 'three' : 'week'
  return view
}

export function readRoute(path: string, today: () => string): Route {
  const found = CALENDAR.exec(path)
  return { view: fitting((found?.[1] as ViewName | undefined) ?? 'week'), date: found?.[2] ?? today() }
}

export function readSection(path: string): Section | null {
  const found = SECTION.exec(path)
  return found && { name: found[1] as SectionName, part: found[2] ?? '' }
}

export function pathOf(route: Route): string {
  return `/app/${route.view}/${route.date}`
}

export function pathOfSection({ name, part }: Section): string {
  return part ? `/app/${name}/${part}` : `/app/${name}`
}

export const route = signal<Route>({ view: 'week', date: '1970-01-01' })
/** The section that is shown instead of the calendar, if any. */
export const section = signal<Section | null>(null)
/** On a narrow screen: whether the sidebar is drawn over the rest. Whoever went somewhere has left it. */
export const drawer = signal(false)

narrow.subscribe(() => {
  const { view, date } = route.peek()
  if (fitting(view) !== view) route.value = { view: fitting(view), date }
})

/** Show the calendar. */
export function go(to: Partial<Route>): void {
  const next = { ...route.value, ...to }
  next.view = fitting(next.view)
  drawer.value = false
  visit(pathOf(next))
  section.value = null
  route.value = next
}

export function goToSection(name: SectionName, part = ''): void {
  drawer.value = false
  visit(pathOfSection({ name, part }))
  section.value = { name, part }
}

/** From a part that is closed to its whole section: Back does not open it again. */
export function leavePart(name: SectionName): void {
  history.replaceState(null, '', pathOfSection({ name, part: '' }))
  section.value = { name, part: '' }
}

/** Take what the address says; `today` is asked for where it names no day. */
export function readAddress(today: () => string): void {
  drawer.value = false
  section.value = readSection(location.pathname)
  if (!section.value) route.value = readRoute(location.pathname, today)
  else if (route.value.date === '1970-01-01') route.value = readRoute('/app/', today)
}
