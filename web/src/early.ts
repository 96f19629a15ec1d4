/**
 * What the first view needs is asked for while the app is still on its way: on a slow line that is a third of the wait.
 * It stands alone, so that it comes first; the app takes the answers (`api/client.ts`), and asks for what is not here.
 */

/** Seconds: more than with which the app renews a token, or all would be asked again with another. */
const LEAST_LIFE = 60
const AHEAD_DAYS: Record<string, number> = { day: 0, three: 2, week: 6, agenda: 29 }

interface Kept {
  access_token: string
  expires_at: number
}

function kept<Value>(key: string): Value | null {
  return JSON.parse(localStorage.getItem(key) ?? 'null') as Value | null
}

function firstOfMonth(date: string, days: number): string {
  const then = new Date(`${date}T00:00:00Z`)
  then.setUTCDate(then.getUTCDate() + days)
  return `${then.toISOString().slice(0, 8)}01`
}

/** The months that a view of a day needs, but for those that a month's first and last week reach into. */
function monthsOf(view: string, date: string): Set<string> {
  const sinceMonday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
  const first = view === 'week' ? -sinceMonday : 0
  return new Set([firstOfMonth(date, first), firstOfMonth(date, first + (AHEAD_DAYS[view] ?? 0))])
}

function monthAfter(month: string): string {
  return firstOfMonth(month, 31)
}

function ask(): void {
  const config = kept<{ issuer: string; clientId: string; api: string }>('aurora-config')
  const user = config && kept<Kept>(`oidc.user:${config.issuer}:${config.clientId}`)
  const found = /^\/app\/(?:(day|three|week|month|agenda)\/(\d{4}-\d{2}-\d{2}))?$/.exec(location.pathname)
  if (!user || !found || user.expires_at - Date.now() / 1000 < LEAST_LIFE) return
  const now = new Date()
  const today = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
  const events = [...monthsOf(found[1] ?? 'week', found[2] ?? today)].map((from) => `/v1/events?from=${from}&to=${monthAfter(from)}&limit=1000`)
  const headers = { Authorization: `Bearer ${user.access_token}` }
  // How far the feed is comes first: no change may fall between the reading and the first look at it.
  for (const path of ['/v1/changes?since=now&limit=1', '/v1/me', '/v1/calendars', ...events]) {
    const url = new URL(config.api + path, location.origin).href
    const answer = fetch(url, { headers })
    answer.catch(() => undefined)
    early.set(url, { bearer: user.access_token, answer })
  }
}

const early: NonNullable<typeof globalThis.auroraEarly> = new Map()
globalThis.auroraEarly = early
/** The browser reads its data of languages at the first format, for a fifth of what the first drawing takes. */
function warmFormats(): void {
  for (const style of [{ dateStyle: 'full' }, { month: 'long', year: 'numeric' }, { hour: 'numeric', minute: '2-digit' }] as const) {
    new Intl.DateTimeFormat(navigator.language, { ...style, timeZone: 'UTC' }).formatRange(0, 1)
  }
}

try {
  ask()
  setTimeout(warmFormats)
} catch {
  // The app asks for itself, and says what is wrong.
}

export {}

declare global {
  /** By its address: an answer that is on its way, and for whose token. */
  var auroraEarly: Map<string, { bearer: string; answer: Promise<Response> }> | undefined
}
