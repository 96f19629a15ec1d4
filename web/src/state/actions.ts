/** What a person does to events: shown at once, undone where the server says no, and undoable for ten minutes. */
import { signal } from '@preact/signals'
import { OfflineError, ProblemError, SignedOutError, type DateOrTime, type EventInput, type EventResource } from '../api/client'
import { words } from '../i18n'
import { addDays, addMinutes, floats, later, minutesBetween, outOfGap, rezoned } from '../time'
import { beginDeed, during, sayDeed, sayFailed } from './deeds'
import { lay, refresh, versionsShown, wrote, type ShownEvent } from './events'
import { timesOverSeries } from './over-series'
import { textOf } from './problems'
import { route } from './route'
import { theApi, zone } from './session'
import { putBack, replaced, versionOf } from './versions'
import { windowOf } from './window'

export type Scope = 'this' | 'following' | 'all'
type Answer = { data?: unknown; response: Response }
type Write = () => Promise<Answer>
type Match = { 'If-Match': string }
/** Writes go one after another, in the order in which they were made. */
let last: Promise<unknown> = Promise.resolve()

/** A change to one occurrence of a series waits here until its reach was chosen. */
export const question = signal<{
  event: EventResource
  onlySeries?: boolean
  answer: (scope: Scope | null) => void
} | null>(null)

function put(event: EventResource, onlySeries = false): Promise<Scope | null> {
  return new Promise((resolve) => {
    question.value = { event, onlySeries, answer: (scope) => ((question.value = null), resolve(scope)) }
  })
}

/** How far a change reaches. Another rule is nothing for a single occurrence. */
async function askOfChange(event: EventResource, hasRule: boolean): Promise<Scope | null> {
  return event.recurrenceId ? put(event, hasRule) : 'all'
}

/** How far a removal reaches: a whole series goes only after it was asked. */
async function askOfRemoval(event: EventResource): Promise<Scope | null> {
  return event.recurrenceId || event.recurrence.length ? put(event) : 'all'
}

async function reread(): Promise<void> {
  const { from, to } = windowOf(route.value)
  await refresh(from, to)
}

export function explain(error: unknown): string {
  if (error instanceof ProblemError) return textOf(error)
  if (error instanceof SignedOutError) return words.value.signedOut
  return error instanceof OfflineError ? words.value.offlineWrite : words.value.failed
}

/** Say what was done; as long as the answer had a token, it can be undone. */
export function sayDone(response: Response, done: string, deed = beginDeed()): void {
  const token = response.headers.get('Undo-Token')
  sayDeed(done, token ? () => takeBack(token) : null, deed)
}

/** Throws what is in the way. */
async function takeBack(token: string): Promise<void> {
  const write = async () => {
    const answer = await theApi().POST('/v1/undo', { body: { token } })
    for (const { id, etag } of answer.data!.items) putBack(id, versionsShown(id), etag)
    return answer
  }
  await written([], write, words.value.undone, true)
}

/** Run a write over what is already shown as if it were done. With `throws`, what goes wrong is the caller's to show. */
export function written(shown: [string, EventResource | null][], write: Write, done: string, throws = false): Promise<boolean> {
  return during(writing(shown, write, done, throws))
}

async function writing(shown: [string, EventResource | null][], write: Write, done: string, throws: boolean): Promise<boolean> {
  const lift = lay(shown)
  const deed = beginDeed()
  try {
    const turn = last.then(write, write)
    last = turn
    const { response } = await turn
    wrote()
    // It is done, whether or not it can be read again just now.
    await reread().catch(() => undefined)
    sayDone(response, done, deed)
    return true
  } catch (error) {
    if (error instanceof ProblemError && error.status === 412) await reread()
    if (throws) throw error
    sayFailed(explain(error), deed)
    return false
  } finally {
    lift()
  }
}

/** What goes wrong is thrown. */
export async function createEvent(input: EventInput & { summary: string; start: EventResource['start'] }): Promise<boolean> {
  return written([], () => theApi().POST('/v1/events', { body: input }), words.value.added, true)
}

/** Change an event, or of a series what is chosen. With `throws`, what goes wrong is thrown; `keepalive`: though the page ends. */
export async function changeEvent(event: EventResource, patch: Partial<EventResource>, throws = false, keepalive = false): Promise<boolean> {
  const scope = await askOfChange(event, Boolean(patch.recurrence))
  if (scope === null) return false
  const shown: [string, EventResource][] = [[event.id, { ...event, ...patch }]]
  return written(shown, () => send(event, patch as EventInput, scope, keepalive), words.value.changed, throws)
}

async function send(event: EventResource, patch: EventInput, scope: Scope, keepalive: boolean): Promise<Answer> {
  const eventId = event.eventId ?? event.id
  if (scope === 'all') {
    const body = event.recurrenceId && patch.start ? await overTheSeries(event, eventId, patch) : patch
    return over(event, (header) => theApi().PATCH('/v1/events/{eventId}', { params: { path: { eventId }, header }, body, keepalive } as never))
  }
  const path = { eventId, recurrenceId: event.recurrenceId! }
  return over(event, (header) => {
    const told = { params: { path, query: { scope }, header }, body: patch, keepalive }
    return theApi().PATCH('/v1/events/{eventId}/occurrences/{recurrenceId}', told as never)
  })
}

/** Write over the version that an event has by our own writes, and note which it has then. */
async function over(event: EventResource, write: (header: Match) => Promise<Answer>): Promise<Answer> {
  const eventId = event.eventId ?? event.id
  const etag = versionOf(eventId, event.etag)
  const answer = await write({ 'If-Match': `"${etag}"` })
  replaced(eventId, etag, versionIn(answer.response))
  return answer
}

/** Which version the whole event has by a write; null where nothing of it is left. */
function versionIn({ headers }: Response): string | null {
  return headers.get('ETag')?.replaceAll('"', '') ?? null
}

/** What moves one occurrence, as a move of the whole series: as far, and as much longer. */
async function overTheSeries(event: EventResource, eventId: string, patch: EventInput): Promise<EventInput> {
  const { data } = await theApi().GET('/v1/events/{eventId}', { params: { path: { eventId } } })
  return { ...patch, ...timesOverSeries(data as EventResource, event, { ...event, ...patch } as EventResource) } as EventInput
}

export async function removeEvent(event: EventResource): Promise<boolean> {
  const scope = await askOfRemoval(event)
  if (scope === null) return false
  const eventId = event.eventId ?? event.id
  const write = (header: Match) => {
    if (scope === 'all') return theApi().DELETE('/v1/events/{eventId}', { params: { path: { eventId }, header } } as never)
    const path = { eventId, recurrenceId: event.recurrenceId! }
    return theApi().DELETE('/v1/events/{eventId}/occurrences/{recurrenceId}', { params: { path, query: { scope }, header } } as never)
  }
  return written([[event.id, null]], () => over(event, write), words.value.deleted)
}

/** The event so many days and minutes away, by the clock on the wall; its length is kept. */
export function moved(shown: ShownEvent, days: number, minutes: number): Partial<EventResource> {
  const [start, end] = [by(shown, shown.start, days, minutes), by(shown, shown.end, days, minutes)]
  if (floats(shown.event.start)) return timesFrom(shown, start, end)
  const begins = outOfGap(start, zone.value, minutes < 0)
  if (begins === start && outOfGap(end, zone.value) === end) return timesFrom(shown, start, end)
  return timesFrom(shown, begins, later(begins, minutesBetween(start, end), zone.value))
}

/** The event with another end. */
export function resized(shown: ShownEvent, minutes: number): Partial<EventResource> {
  const least = shown.allDay ? 24 * 60 : 15
  const length = Math.max(least, minutesBetween(`${shown.start}T00:00`, `${shown.end}T00:00`) + minutes)
  if (shown.allDay) return timesFrom(shown, shown.start, addDays(shown.start, Math.round(length / (24 * 60))))
  const end = addMinutes(shown.start, length)
  return timesFrom(shown, shown.start, floats(shown.event.start) ? end : outOfGap(end, zone.value, minutes < 0))
}

function by(shown: ShownEvent, wall: string, days: number, minutes: number): string {
  return shown.allDay ? addDays(wall, days) : addMinutes(wall, days * 24 * 60 + minutes)
}

function timesFrom(shown: ShownEvent, start: string, end: string): Partial<EventResource> {
  if (shown.allDay) return { start: { date: start }, end: { date: end } } as Partial<EventResource>
  const { start: begins, end: ends } = shown.event
  return { start: onItsClock(start, begins), end: onItsClock(end, ends) } as Partial<EventResource>
}

/** Wall time here as the event says it: in the zone that it has, or in none. */
function onItsClock(wall: string, was: DateOrTime): DateOrTime {
  if (was.timeZone) return { dateTime: rezoned(wall, zone.value, was.timeZone), timeZone: was.timeZone }
  return floats(was) ? { dateTime: wall } : { dateTime: wall, timeZone: zone.value }
}
