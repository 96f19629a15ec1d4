/** What was changed elsewhere: told at once where the home has a stream, looked for now and then everywhere. */
import { OfflineError, ProblemError } from '../api/client'
import type { Auth } from '../auth'
import { rereadCalendars } from './calendars'
import { changed } from './changes'
import { ended } from './ended'
import { pending, refresh } from './events'
import { rereadPerson } from './person'
import { offline, theApi } from './session'
import { route } from './route'
import { windowOf } from './window'

/** Told to the window when the home's stream says that something is new, be it only that a reminder is due. */
export const HEARD = 'aurora-heard'
const POLL_MS = 60_000
/** While something is being written here, looking waits. */
const WRITING_MS = 1_000
/** Changes of which it is looked at what they are of. */
const SEEN = 20
const AGAIN_MS = [1_000, 5_000, 15_000, 30_000]

/** How far the feed was read; '' where that is not known, so that all is read again. */
let token = ''
let noted: Promise<void> | undefined
let looking: Promise<void> | null = null
/** Something was said to have changed while it was looked. */
let again = false

/** Note how far the feed is before anything is read, so that no change falls between the reading and the first look. */
export function noteFeed(): void {
  noted = newest().then(
    (found) => void (token = found),
    () => undefined,
  )
}

/** Ask the change feed, and read again what is shown if anything is new. Without an answer it is asked from there again. */
async function look(): Promise<void> {
  await noted
  if (ended.value) return
  if (pending.value.size > 0) return void setTimeout(() => void lookNow(), WRITING_MS)
  try {
    const { isNew, ofPerson, next } = token ? await since(token) : { isNew: true, ofPerson: true, next: await newest() }
    const wasOffline = offline.value
    offline.value = false
    if (isNew || wasOffline) await readAll(ofPerson)
    // What could not be read just now stays new.
    if (!offline.value) token = next
  } catch (error) {
    if (error instanceof OfflineError) offline.value = true
    if (!(error instanceof ProblemError) || error.status !== 410) return
    token = ''
    again = true
  }
}

async function since(told: string): Promise<{ isNew: boolean; ofPerson: boolean; next: string }> {
  const { data } = await theApi().GET('/v1/changes', { params: { query: { since: told, limit: SEEN } } })
  const { items, more, nextToken } = data!
  return {
    isNew: items.length > 0,
    ofPerson: more || items.some(({ kind }) => kind === 'me'),
    next: more ? await newest() : nextToken,
  }
}

async function readAll(ofPerson: boolean): Promise<void> {
  // First, as another zone has other days.
  if (ofPerson) await rereadPerson()
  const { from, to } = windowOf(route.value)
  await Promise.all([refresh(from, to), rereadCalendars()])
  changed()
}

async function newest(): Promise<string> {
  const { data } = await theApi().GET('/v1/changes', { params: { query: { since: 'now', limit: 1 } } })
  return data!.nextToken
}

export function lookNow(): Promise<void> {
  if (looking) again = true
  else looking = look().finally(lookAgain)
  return looking
}

function lookAgain(): void {
  looking = null
  if (again) void lookNow()
  again = false
}

/** Follow what changes, from now on. */
export function follow(auth: Auth, hasStream: boolean): void {
  void lookNow()
  addEventListener('focus', () => void lookNow())
  addEventListener('online', () => void lookNow())
  addEventListener('storage', () => void lookNow()) // another tab signed out, perhaps
  setInterval(() => document.visibilityState === 'visible' && void lookNow(), POLL_MS)
  if (hasStream) void listen(auth)
}

async function listen(auth: Auth): Promise<void> {
  for (let failed = 0; !ended.value; failed += 1) {
    try {
      const bearer = await auth.token()
      if (bearer) {
        await hear(bearer)
        failed = -1
      } else void lookNow()
    } catch {
      // It is tried again: the stream is a hint.
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS[Math.min(Math.max(failed, 0), AGAIN_MS.length - 1)]))
  }
}

/** Until the stream ends. */
async function hear(bearer: string): Promise<void> {
  const answer = await fetch('/live', { headers: { Authorization: `Bearer ${bearer}` }, cache: 'no-store' })
  if (answer.status === 401) void lookNow()
  if (!answer.ok || !answer.body) throw new Error(`/live answered ${answer.status}`)
  // What changed before anybody listened was told to nobody.
  void lookNow()
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    if (!value.includes('event: change')) continue
    dispatchEvent(new Event(HEARD))
    void lookNow()
  }
}
