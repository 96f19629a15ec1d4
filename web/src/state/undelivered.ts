/** Whether a mail could not be delivered since somebody last looked at what became of the reminders. */
import { signal } from '@preact/signals'
import { theApi } from './session'

const KEY = 'aurora-failures-seen'
const WEEK_MS = 7 * 86_400_000
const SOON_MS = 4_000
const EVERY_MS = 600_000

export const undelivered = signal(false)

/** Somebody looks at them now. */
export function seen(): void {
  localStorage.setItem(KEY, new Date().toISOString())
  undelivered.value = false
}

async function look(): Promise<void> {
  const now = Date.now()
  const from = new Date(Math.max(now - WEEK_MS, Date.parse(localStorage.getItem(KEY) ?? '') || 0)).toISOString()
  const query = { from, to: new Date(now).toISOString(), status: 'failed', limit: 100 } as const
  const { data } = await theApi().GET('/v1/reminders', { params: { query } })
  undelivered.value = data!.items.some((each) => each.channel === 'email')
}

/** Look a while after the start, so that nothing waits for it, and now and then. */
export function followUndelivered(): () => void {
  const ask = () => void (document.visibilityState === 'visible' && look().catch(() => undefined))
  const first = setTimeout(ask, SOON_MS)
  const timer = setInterval(ask, EVERY_MS)
  return () => {
    clearTimeout(first)
    clearInterval(timer)
  }
}
