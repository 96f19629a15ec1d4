/** What a person does to events: shown at once, undone where the server says no, and undoable for ten minutes. */
import { signal } from '@preact/signals'
import { OfflineError, ProblemError, type DateOrTime, type EventInput, type EventResource } from '../api/client'
import { words } from '../i18n'
import { addDays, addMinutes, minutesBetween, rezoned } from '../time'
import { lay, lift, refresh, type ShownEvent } from './events'
import { route } from './route'
import { theApi, zone } from './session'
import { say } from './toast'
import { windowOf } from './window'

export type Scope = 'this' | 'following' | 'all'
let lastUndo = ''

/** A change to one occurrence of a series waits here until its reach was chosen. */
export const question = signal<{ event: EventResource; answer: (scope: Scope | null) => void } | null>(null)

function ask(event: EventResource): Promise<Scope | null> {
  if (!event.recurrenceId) return Promise.resolve('all')
  return new Promise((resolve) => {
    question.value = { event, answer: (scope) => ((question.value = null), resolve(scope)) }
  })
}

async function reread(): Promise<void> {
  const { from, to } = windowOf(route.value)
  await refresh(from, to)
}

export function explain(error: unknown): string {
  if (error instanceof ProblemError) return error.errors[0]?.detail ?? error.detail
  return error instanceof OfflineError ? words.value.offlineWrite : words.value.failed
}

/** Run a write over what is already shown as if it were done. */
async function written(
  shown: [string, EventResource | null][],
  write: () => Promise<{ response: Response }>,
  done: string,
): Promise<boolean> {
  lay(shown)
  try {
    const { response } = await write()
    lastUndo = response.headers.get('Undo-Token') ?? ''
    await reread()
    say(done, lastUndo ? { label: words.value.undo, run: () => void undo() } : undefined)
    return true
  } catch (error) {
    say(explain(error))
    return false
  } finally {
    lift(shown.map(([id]) => id))
  }
}

export async function undo(): Promise<void> {
  const token = lastUndo
  if (!token) return say(words.value.nothingToUndo)
  lastUndo = ''
  await written([], () => theApi().POST('/v1/undo', { body: { token } }), words.value.undone)
}

export async function createEvent(input: EventInput & { summary: string; start: EventResource['start'] }): Promise<boolean> {
  return written([], () => theApi().POST('/v1/events', { body: input }), words.value.added)
}

export async function changeEvent(event: EventResource, patch: Partial<EventResource>): Promise<boolean> {
  const scope = await ask(event)
  if (scope === null) return false
  const shown: [string, EventResource][] = [[event.id, { ...event, ...patch }]]
  return written(shown, () => send(event, patch as EventInput, scope), words.value.changed)
}

function send(event: EventResource, patch: EventInput, scope: Scope): Promise<{ response: Response }> {
  const headers = { 'If-Match': `"${event.etag}"` }
  const eventId = event.eventId ?? event.id
  if (scope === 'all') {
    return theApi().PATCH('/v1/events/{eventId}', { params: { path: { eventId }, header: headers }, body: patch } as never)
  }
  const path = { eventId, recurrenceId: event.recurrenceId! }
  return theApi().PATCH('/v1/events/{eventId}/occurrences/{recurrenceId}', {
    params: { path, query: { scope }, header: headers },
    body: patch,
  } as never)
}

export async function removeEvent(event: EventResource): Promise<boolean> {
  const scope = await ask(event)
  if (scope === null) return false
  const eventId = event.eventId ?? event.id
  const headers = { 'If-Match': `"${event.etag}"` }
  const write = () =>
    scope === 'all'
      ? theApi().DELETE('/v1/events/{eventId}', { params: { path: { eventId }, header: headers } } as never)
      : theApi().DELETE('/v1/events/{eventId}/occurrences/{recurrenceId}', {
          params: { path: { eventId, recurrenceId: event.recurrenceId! }, query: { scope }, header: headers },
        } as never)
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
