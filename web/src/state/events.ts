/** The events that are shown: kept a month at a time, with what was changed here and is not yet answered laid over. */
import { computed, signal } from '@preact/signals'
import { OfflineError, type EventResource } from '../api/client'
import { order, type Shown } from '../grid-layout'
import { addDays, addMonths, dayOf, startOfMonth, wallIn } from '../time'
import { keepMonth, keptMonth } from './kept'
import { afterPaint } from './paint'
import { hidden, offline, theApi, zone } from './session'

/** An occurrence with its wall times in the reader's zone. */
export interface ShownEvent extends Shown {
  event: EventResource
}

const PAGE = 1000
/** Month (`2026-11-01`) -> its occurrences. */
export const months = signal<ReadonlyMap<string, readonly EventResource[]>>(new Map())
/** Id -> what it will be when the server has answered; null: gone. */
export const pending = signal<ReadonlyMap<string, EventResource | null>>(new Map())
const loading = new Map<string, Promise<void>>()

/** The occurrences that overlap the days from `from` up to `to`, read a page after another. */
export async function readWindow(from: string, to: string): Promise<EventResource[]> {
  const found: EventResource[] = []
  let cursor: string | undefined
  do {
    const query = { from, to, limit: PAGE, ...(cursor ? { cursor } : {}) }
    const { data } = await theApi().GET('/v1/events', { params: { query } })
    found.push(...data!.items)
    cursor = data!.nextCursor ?? undefined
  } while (cursor)
  return found
}

function monthsOf(from: string, to: string): string[] {
  const found: string[] = []
  for (let month = startOfMonth(from); month < to; month = addMonths(month, 1)) found.push(month)
  return found
}

function showKept(month: string, kept: readonly EventResource[]): void {
  if (!months.value.has(month)) months.value = new Map(months.value).set(month, kept)
}

/** What was kept is shown until the server has answered, and stays where it does not. */
async function loadMonth(month: string): Promise<void> {
  const asked = readWindow(month, addMonths(month, 1))
  if (!months.value.has(month)) void keptMonth(month).then((kept) => kept && showKept(month, kept))
  try {
    const found = await asked
    months.value = new Map(months.value).set(month, found)
    offline.value = false
    afterPaint(() => void keepMonth(month, found))
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error
    offline.value = true
  }
}

/** Have what lies between two days; `fresh`: read it again though it is there. */
export async function need(from: string, to: string, fresh = false): Promise<void> {
  const missing = monthsOf(from, to).filter((month) => fresh || !months.value.has(month))
  await Promise.all(
    missing.map((month) => {
      const under = loading.get(month) ?? loadMonth(month).finally(() => loading.delete(month))
      loading.set(month, under)
      return under
    }),
  )
}

/** Read again what is shown, and forget the rest: something changed. */
export async function refresh(from: string, to: string): Promise<void> {
  const wanted = new Set(monthsOf(from, to))
  months.value = new Map([...months.value].filter(([month]) => wanted.has(month)))
  await need(from, to, true)
}

/** Read everything anew when it is shown again: the days are others. */
export function forgetMonths(): void {
  months.value = new Map()
}

/** An event as it was last read, without what is laid over it. */
export function knownEvent(id: string): EventResource | undefined {
  for (const list of months.value.values()) {
    const found = list.find((each) => each.id === id)
    if (found) return found
  }
  return undefined
}

/** Computed once for each event and zone: what is shown is asked for at every drawing. */
const known = new WeakMap<EventResource, { home: string; shown: ShownEvent }>()

export function shownOf(event: EventResource, home: string): ShownEvent {
  const found = known.get(event)
  if (found?.home === home) return found.shown
  const [start, end] = [wallIn(event.start, home), wallIn(event.end, home)]
  const shown = { id: event.id, start, end, allDay: Boolean(event.start.date), event }
  known.set(event, { home, shown })
  return shown
}

const all = computed<readonly ShownEvent[]>(() => {
  const found = new Map<string, EventResource>()
  for (const list of months.value.values()) for (const each of list) found.set(each.id, each)
  for (const [id, each] of pending.value) {
    if (each === null) found.delete(id)
    else found.set(id, each)
  }
  return [...found.values()]
    .filter((each) => !hidden.value.has(each.calendarId))
    .map((each) => shownOf(each, zone.value))
    .sort((one, other) => order(one.start, other.start) || order(one.id, other.id))
})

/** What is seen on the days from `from` up to `to` (excluded). */
export function seenBetween(from: string, to: string): ShownEvent[] {
  const last = addDays(to, -1)
  return all.value.filter(
    (each) => dayOf(each.start) <= last && (each.end > `${from}T00:00:00` || (each.allDay && each.end > from) || each.start >= from),
  )
}

export function lay(changes: Iterable<[string, EventResource | null]>): void {
  pending.value = new Map([...pending.value, ...changes])
}

export function lift(ids: Iterable<string>): void {
  const left = new Map(pending.value)
  for (const id of ids) left.delete(id)
  pending.value = left
}
