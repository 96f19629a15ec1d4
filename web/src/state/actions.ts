/** What a person does to events: shown at once, undone where the server says no, and undoable for ten minutes. */
import { signal } from '@preact/signals'
import { OfflineError, ProblemError, SignedOutError, type DateOrTime, type EventInput, type EventResource } from '../api/client'
import { words } from '../i18n'
import { addDays, addMinutes, minutesBetween, rezoned } from '../time'
import { changed } from './changes'
import { lay, lift, refresh, type ShownEvent } from './events'
import { rest } from './nudge'
import { timesOverSeries } from './over-series'
import { route } from './route'
import { theApi, zone } from './session'
import { say } from './toast'
import { windowOf } from './window'

export type Scope = 'this' | 'following' | 'all'
let lastUndo = ''
/** Deeds are counted as they begin: what began last is undone, whichever answer comes last. */
let begun = 0
let lastSaid = 0

export function beginDeed(): number {
  begun += 1
  return begun
}

/** A change to one occurrence of a series waits here until its reach was chosen. */
export const question = signal<{
  event: EventResource
  onlySeries?: boolean
  answer: (scope: Scope | null) => void
} | null>(null)

function ask(event: EventResource): Promise<Scope | null> {
  if (!event.recurrenceId) return Promise.resolve('all')
  return new Promise((resolve) => {
    question.value = { event, answer: (scope) => ((question.value = null), resolve(scope)) }
  })
}

/** Another rule is nothing for a single occurrence. */
async function askWithRule(event: EventResource): Promise<Scope | null> {
  if (!event.recurrenceId) return 'all'
  return new Promise((resolve) => {
    question.value = { event, onlySeries: true, answer: (scope) => ((question.value = null), resolve(scope)) }
  })
}

async function reread(): Promise<void> {
  const { from, to } = windowOf(route.value)
  await refresh(from, to)
}

export function explain(error: unknown): string {
  if (error instanceof ProblemError) return error.errors[0]?.detail ?? error.detail
  if (error instanceof SignedOutError) return words.value.signedOut
  return error instanceof OfflineError ? words.value.offlineWrite : words.value.failed
}

/** Say what was done, if nothing later was; as long as the answer had a token, it can be undone. */
export function sayDone(response: Response, done: string, deed = beginDeed()): void {
  if (deed < lastSaid) return
  lastSaid = deed
  lastUndo = response.headers.get('Undo-Token') ?? ''
  say(done, lastUndo ? { label: words.value.undo, run: () => void undo() } : undefined)
}

/** ETags that our own writes have replaced, and by which: what was shown before an answer came can be changed again. */
const newer = new Map<string, string>()
/** Writes go one after another, in the order in which they were made. */
let last: Promise<unknown> = Promise.resolve()

function newest(etag: string): string {
  const found = newer.get(etag)
  return found ? newest(found) : etag
}

/** Run a write over what is already shown as if it were done. With `throws`, what goes wrong is the caller's to show. */
export async function written(
  shown: [string, EventResource | null][],
  write: () => Promise<{ response: Response }>,
  done: string,
  throws = false,
): Promise<boolean> {
  lay(shown)
  const deed = beginDeed()
  try {
    const turn = last.then(write, write)
    last = turn
    const { response } = await turn
    await reread()
    sayDone(response, done, deed)
    return true
  } catch (error) {
    if (error instanceof ProblemError && error.status === 412) await reread()
    if (throws) throw error
    say(explain(error))
    return false
  } finally {
    lift(shown.map(([id]) => id))
  }
}

export async function undo(): Promise<void> {
  await rest()
  const token = lastUndo
  if (!token) return say(words.value.nothingToUndo)
  lastUndo = ''
  await written([], () => theApi().POST('/v1/undo', { body: { token } }), words.value.undone)
  changed()
}

/** What goes wrong is thrown. */
export async function createEvent(input: EventInput & { summary: string; start: EventResource['start'] }): Promise<boolean> {
  return written([], () => theApi().POST('/v1/events', { body: input }), words.value.added, true)
}

/** Change an event, or of a series what is chosen. With `throws`, what goes wrong is thrown. */
export async function changeEvent(event: EventResource, patch: Partial<EventResource>, throws = false): Promise<boolean> {
  const scope = patch.recurrence ? await askWithRule(event) : await ask(event)
  if (scope === null) return false
  const shown: [string, EventResource][] = [[event.id, { ...event, ...patch }]]
  return written(shown, () => send(event, patch as EventInput, scope), words.value.changed, throws)
}

async function send(event: EventResource, patch: EventInput, scope: Scope): Promise<{ response: Response }> {
  const etag = newest(event.etag)
  const headers = { 'If-Match': `"${etag}"` }
  const eventId = event.eventId ?? event.id
  const answered = (answer: { data?: unknown; response: Response }) => {
    const now = (answer.data as EventResource | undefined)?.etag
    if (now && now !== etag) newer.set(etag, now)
    return answer
  }
  if (scope === 'all') {
    const body = event.recurrenceId && patch.start ? await overTheSeries(event, eventId, patch) : patch
    return answered(await theApi().PATCH('/v1/events/{eventId}', { params: { path: { eventId }, header: headers }, body } as never))
  }
  const path = { eventId, recurrenceId: event.recurrenceId! }
  const told = { params: { path, query: { scope }, header: headers }, body: patch }
  return answered(await theApi().PATCH('/v1/events/{eventId}/occurrences/{recurrenceId}', told as never))
}

/** What moves one occurrence, as a move of the whole series: as far, and as much longer. */
async function overTheSeries(event: EventResource, eventId: string, patch: EventInput): Promise<EventInput> {
  const { data } = await theApi().GET('/v1/events/{eventId}', { params: { path: { eventId } } })
  return { ...patch, ...timesOverSeries(data as EventResource, event, { ...event, ...patch } as EventResource) } as EventInput
}

export async function removeEvent(event: EventResource): Promise<boolean> {
  const scope = await ask(event)
  if (scope === null) return false
  const eventId = event.eventId ?? event.id
  const write = () => {
    const header = { 'If-Match': `"${newest(event.etag)}"` }
    if (scope === 'all') return theApi().DELETE('/v1/events/{eventId}', { params: { path: { eventId }, header } } as never)
    const path = { eventId, recurrenceId: event.recurrenceId! }
    return theApi().DELETE('/v1/events/{eventId}/occurrences/{recurrenceId}', { params: { path, query: { scope }, header } } as never)
  }
  return written([[event.id, null]], write, words.value.deleted)
}

/** The event so many days and minutes away, by the clock on the wall; its length is kept. */
export function moved(shown: ShownEvent, days: number, minutes: number): Partial<EventResource> {
  return timesFrom(shown, by(shown, shown.start, days, minutes), by(shown, shown.end, days, minutes))
}

/** The event with another end. */
export function resized(shown: ShownEvent, minutes: number): Partial<EventResource> {
  const least = shown.allDay ? 24 * 60 : 15
  const length = Math.max(least, minutesBetween(`${shown.start}T00:00`, `${shown.end}T00:00`) + minutes)
  const end = shown.allDay ? addDays(shown.start, Math.round(length / (24 * 60))) : addMinutes(shown.start, length)
  return timesFrom(shown, shown.start, end)
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
  return HAS_OFFSET.test(was.dateTime ?? '') ? { dateTime: wall, timeZone: zone.value } : { dateTime: wall }
}

const HAS_OFFSET = /(?:Z|[+-]\d\d:\d\d)$/
