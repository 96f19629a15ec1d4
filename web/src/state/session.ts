import { computed, signal } from '@preact/signals'
import { OfflineError, type Api, type Calendar, type Person } from '../api/client'
import { locale } from '../i18n'
import { keepAbout, keptAbout, type About } from './kept'

/** Who is signed in, and what is theirs; all else of the state belongs to them. */
export const person = signal<Person | null>(null)
export const calendars = signal<readonly Calendar[]>([])
export const hidden = signal<ReadonlySet<string>>(new Set())
export const offline = signal(false)

export const zone = computed(() => person.value?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
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
  if (me.locale) locale.value = me.locale
  document.documentElement.lang = locale.value
}

/** Who was signed in last, taken from what was kept; false where that was somebody else, or nobody. */
export async function recall(made: Api, subject: string): Promise<boolean> {
  api = made
  const about = await keptAbout(subject)
  if (about) take(about.person, about.calendars)
  return about !== undefined
}

/** Read who is signed in. With no network, whoever was recalled stays; raises OfflineError where nobody was. */
export async function begin(subject: string): Promise<void> {
  try {
    const [me, listed] = await Promise.all([api.GET('/v1/me'), api.GET('/v1/calendars')])
    const about: About = { subject, person: me.data!, calendars: listed.data!.items }
    take(about.person, about.calendars)
    void keepAbout(about)
  } catch (error) {
    if (!(error instanceof OfflineError) || !person.value) throw error
    offline.value = true
  }
}

export async function addCalendar(name: string, color: string): Promise<void> {
  const { data } = await api.POST('/v1/calendars', { body: { name, color } })
  calendars.value = [...calendars.value, data!]
}
