/** Whether somebody has no event at all yet, and the example week that a home on this machine offers them. */
import { computed, signal } from '@preact/signals'
import { months, refresh } from './events'
import { route } from './route'
import { begin, offline, theApi } from './session'
import { windowOf } from './window'

/** Only there is the example offered. */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/
const hasNone = signal(false)
/** The hidden fields of the server's form, where it offers one. */
const form = signal<URLSearchParams | null>(null)
const isEmpty = computed(() => [...months.value.values()].every((month) => month.length === 0))

export const isNew = computed(() => hasNone.value && isEmpty.value)
export const offersExample = computed(() => form.value !== null)

/** Look, where nothing is shown. */
export async function lookWhetherNew(): Promise<void> {
  if (!isEmpty.value || offline.value) return
  const { data } = await theApi().GET('/v1/events', { params: { query: { limit: 1 } } })
  hasNone.value = data!.items.length === 0
  if (hasNone.value && LOOPBACK.test(location.hostname)) form.value = await exampleForm()
}

async function exampleForm(): Promise<URLSearchParams | null> {
  const answer = await fetch('/plain', { redirect: 'manual' })
  if (!answer.ok) return null
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const found = page.querySelector<HTMLFormElement>('form[action="/example"]')
  return found && new URLSearchParams([...new FormData(found)].map(([name, value]) => [name, String(value)]))
}

/** Raises where the server did not take it. */
export async function addExample(): Promise<void> {
  const answer = await fetch('/example', { method: 'POST', body: form.value!, redirect: 'manual' })
  if (answer.type !== 'opaqueredirect') throw new Error(`/example answered ${answer.status}`)
  hasNone.value = false
  await begin()
  const { from, to } = windowOf(route.value)
  await refresh(from, to)
}
