import { computed, effect, signal } from '@preact/signals'
import { OfflineError, type Api, type Calendar, type Person } from '../api/client'
import { locale } from '../i18n'
import { keepAbout, keptAbout } from './kept'

/** Who is signed in, and what is theirs; all else of the state belongs to them. */
export const person = signal<Person | null>(null)
export const calendars = signal<readonly Calendar[]>([])
export const hidden = signal<ReadonlySet<string>>(new Set())
/** Which calendars somebody does not look at is theirs and this browser's. */
const HIDDEN = 'aurora-hidden'
export const offline = signal(false)

export const zone = computed(() => person.value?.timeZone ?? 'UTC')
export const weekStart = computed(() => person.value?.weekStart ?? 'MO')
export const colorOf = computed(() => {
  const colors = new Map(calendars.value.map((each) => [each.id, each.color]))
  return (calendarId: string): string => colors.get(calendarId) ?? 'var(--accent)'
})

let api: Api

export function theApi(): Api {
  return api
}

/** Take what was read of somebody, from the server or from what was kept. */
export function take(me: Person, listed: readonly Calendar[]): void {
  person.value = me
  calendars.value = listed
  rememberHidden(me.id)
  if (me.locale) locale.value = me.locale
  document.documentElement.lang = locale.value
}

let remembering: (() => void) | undefined

function rememberHidden(personId: string): void {
  if (remembering) return
  const key = `${HIDDEN}-${personId}`
  hidden.value = new Set(JSON.parse(localStorage.getItem(key) ?? '[]') as string[])
  remembering = effect(() => localStorage.setItem(key, JSON.stringify([...hidden.value])))
}

/** Read who is signed in; with no network, who was last. Raises OfflineError where nothing was kept. */
export async function begin(made: Api): Promise<void> {
  api = made
  try {
    const [me, listed] = await Promise.all([api.GET('/v1/me'), api.GET('/v1/calendars')])
    const about = { person: me.data!, calendars: listed.data!.items }
    take(about.person, about.calendars)
    void keepAbout(about)
  } catch (error) {
    const about = error instanceof OfflineError ? await keptAbout() : undefined
    if (!about) throw error
    offline.value = true
    take(about.person, about.calendars)
  }
}

export async function addCalendar(name: string, color: string): Promise<void> {
  const { data } = await api.POST('/v1/calendars', { body: { name, color } })
  calendars.value = [...calendars.value, data!]
}
