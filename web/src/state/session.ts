import { computed, effect, signal } from '@preact/signals'
import { OfflineError, type Api, type Calendar, type Person } from '../api/client'
import { keepAbout, keptAbout } from './kept'
import { speak } from './language'
import { afterPaint } from './paint'
import { forgetOthers, writeAs } from './writing'

/** Who is signed in, and what is theirs; all else of the state belongs to them. */
export const person = signal<Person | null>(null)
export const calendars = signal<readonly Calendar[]>([])
export const hidden = signal<ReadonlySet<string>>(new Set())
/** Which calendars somebody does not look at is theirs and this browser's. */
const HIDDEN = 'aurora-hidden'
export const offline = signal(false)

export const zone = computed(() => person.value?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
export const weekStart = computed(() => person.value?.weekStart ?? 'MO')
export const colorOf = computed(() => {
  const colors = new Map(calendars.value.map((each) => [each.id, each.color]))
  return (calendarId: string): string => colors.get(calendarId) ?? 'var(--accent)'
})

let api: Api
/** The issuer's name of whoever is signed in. */
let subject = ''

export function theApi(): Api {
  return api
}

/** Take what was read of somebody, from the server or from what was kept. */
function take(me: Person, listed: readonly Calendar[]): void {
  writeAs(me.id)
  afterPaint(forgetOthers)
  person.value = me
  calendars.value = listed
  rememberHidden(me.id)
  speak(me.locale || navigator.language)
}

/** Take it, and keep it for when there is no network. */
export function takeAndKeep(me: Person, listed: readonly Calendar[]): void {
  take(me, listed)
  void keepAbout({ subject, person: me, calendars: listed })
}

let remembering: (() => void) | undefined

function rememberHidden(personId: string): void {
  if (remembering) return
  const key = `${HIDDEN}-${personId}`
  hidden.value = new Set(JSON.parse(localStorage.getItem(key) ?? '[]') as string[])
  remembering = effect(() => localStorage.setItem(key, JSON.stringify([...hidden.value])))
}

let recalled: Promise<void> = Promise.resolve()
/** What was shown when it was begun to read: it gives way to what is read. */
let kept: { person: Person | null; calendars: readonly Calendar[] } = { person: null, calendars: calendars.value }

/** Who was signed in last is taken from what was kept, where that is the same person. From now on the API can be asked. */
export function recall(made: Api, whose: string): Promise<void> {
  api = made
  subject = whose
  recalled = keptAbout(subject).then((about) => {
    if (!about || person.value) return
    kept = about
    take(about.person, about.calendars)
  })
  return recalled
}

/** Read who is signed in. With no network, whoever was recalled stays; raises OfflineError where nobody was. */
export async function begin(): Promise<void> {
  if (person.value) kept = { person: person.value, calendars: calendars.value }
  try {
    const listing = api.GET('/v1/calendars')
    listing.catch(() => undefined)
    // Who may not come in reads why in the answer about themselves; the other knows nothing of it.
    const me = await api.GET('/v1/me')
    const listed = await listing
    const settled = me.data!.assumed.length ? await (await import('./settle')).settle(api, me.data!) : me.data!
    // What was read again or changed meanwhile is newer than what was asked for first.
    const isFirst = person.value === kept.person
    takeAndKeep(isFirst ? settled : person.value!, calendars.value === kept.calendars ? listed.data!.items : calendars.value)
  } catch (error) {
    await recalled
    if (!(error instanceof OfflineError) || !person.value) throw error
    offline.value = true
  }
}

export async function addCalendar(name: string, color: string): Promise<void> {
  const { data } = await api.POST('/v1/calendars', { body: { name, color } })
  calendars.value = [...calendars.value, data!]
}
