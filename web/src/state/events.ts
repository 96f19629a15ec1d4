/** The events that are shown: kept a month at a time, with what was changed here and is not yet answered laid over. */
import { computed, signal } from '@preact/signals'
import { OfflineError, type EventResource } from '../api/client'
import { order, type Shown } from '../grid-layout'
import { addDays, addMonths, dayOf, floats, minutesPassed, shownIn, startOfMonth } from '../time'
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
/** What it will be when the server has answered; null: gone. */
interface Laid {
  event: EventResource | null
}
/** Id -> what lies over it. */
export const pending = signal<ReadonlyMap<string, Laid>>(new Map())
const loading = new Map<string, Promise<void>>()
/** Grows whenever something is known to be new, so that what was asked before it is not taken for how things stand. */
let age = 0

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
  if (!months.value.has(month)) void keptMonth(month).then((kept) => kept && showKept(month, kept))
  try {
    let before: number
    let found: EventResource[]
    do {
      before = age
      found = await readWindow(month, addMonths(month, 1))
    } while (before !== age)
    months.value = new Map(months.value).set(month, found)
    offline.value = false
    afterPaint(() => void keepMonth(month, found))
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error
    offline.value = true
  } finally {
    loading.delete(month)
  }
}

function askMonth(month: string): Promise<void> {
  const asked = loading.get(month) ?? loadMonth(month)
  loading.set(month, asked)
  return asked
}

/** A write was answered. */
export function wrote(): void {
  age += 1
}

/** Have what lies between two days. */
export async function need(from: string, to: string): Promise<void> {
  await Promise.all(monthsOf(from, to).filter((month) => !months.value.has(month)).map(askMonth))
}

/** Read again what is shown, and forget the rest: something changed. */
export async function refresh(from: string, to: string): Promise<void> {
  const wanted = new Set(monthsOf(from, to))
  months.value = new Map([...months.value].filter(([month]) => wanted.has(month)))
  age += 1
  await Promise.all([...wanted].map(askMonth))
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

/** An event as it is shown, with what is laid over it. */
export function eventNow(id: string): EventResource | undefined {
  return pending.value.get(id)?.event ?? knownEvent(id)
}

/** The versions in which an event, or occurrences of a series, were last read. */
export function versionsShown(eventId: string): Set<string> {
  const ofIt = [...months.value.values()].flat().filter((each) => (each.eventId ?? each.id) === eventId)
  return new Set(ofIt.map(({ etag }) => etag))
}

/** Computed once for each event and zone: what is shown is asked for at every drawing. */
const known = new WeakMap<EventResource, { home: string; shown: ShownEvent }>()

export function shownOf(event: EventResource, home: string): ShownEvent {
  const found = known.get(event)
  if (found?.home === home) return found.shown
  const [start, end] = [shownIn(event.start, home), shownIn(event.end, home)]
  // Where the clock shows an hour twice, an end in its second pass is no later on it than the start.
  const lasts = start < end || floats(event.start) ? 0 : minutesPassed(event.start, event.end)
  const shown = { id: event.id, start, end, allDay: Boolean(event.start.date), lasts, event }
  known.set(event, { home, shown })
  return shown
}

const all = computed<readonly ShownEvent[]>(() => {
  const found = new Map<string, EventResource>()
  for (const list of months.value.values()) for (const each of list) found.set(each.id, each)
  for (const [id, { event }] of pending.value) {
    if (event === null) found.delete(id)
    else found.set(id, event)
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

/** Show what will be, until what it answers is called: that takes off what nothing later was laid over. */
export function lay(changes: Iterable<[string, EventResource | null]>): () => void {
  const laid = [...changes].map(([id, event]): [string, Laid] => [id, { event }])
  pending.value = new Map([...pending.value, ...laid])
  return () => {
    const left = new Map(pending.value)
    for (const [id, each] of laid) if (left.get(id) === each) left.delete(id)
    pending.value = left
  }
}
