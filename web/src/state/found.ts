/** Finding events by words: a series stands there once, as the occurrence that somebody looks for. */
import type { EventResource } from '../api/client'
import { theApi } from './session'

const MOST = 30
/** Occurrences that are asked for at once, for all series that were found. */
const MOST_OCCURRENCES = 200
const DAY_MS = 86_400_000
const YEAR = 366
/** How far ahead of today the occurrences of one series are looked for, and then how far back, in days. */
const AHEAD = [[0, YEAR], [YEAR, 20 * YEAR]] as const
const BACK = [[-YEAR, 0], [-10 * YEAR, -YEAR], [-50 * YEAR, -10 * YEAR]] as const

/** What is to come, by its next start, then what was. */
export async function findEvents(words: string): Promise<EventResource[]> {
  const now = Date.now()
  const soon = { q: words, ...windowAt(now, 0, YEAR), limit: MOST_OCCURRENCES }
  const [{ data }, { data: coming }] = await Promise.all([
    theApi().GET('/v1/events', { params: { query: { q: words, limit: MOST } } }),
    theApi().GET('/v1/events', { params: { query: soon } }),
  ])
  const next = new Map<string, EventResource>()
  for (const each of coming!.items) if (each.eventId && !next.has(each.eventId)) next.set(each.eventId, each)
  return Promise.all(data!.items.map((each) => (each.recurrence.length ? (next.get(each.id) ?? occurrenceOf(each, now)) : each)))
}

/** The next occurrence of a series, else its last one. One that cannot be had is no reason to find nothing. */
async function occurrenceOf(series: EventResource, now: number): Promise<EventResource> {
  try {
    for (const [from, to] of AHEAD) {
      const first = (await occurrences(series.id, now, from, to))[0]
      if (first) return first
    }
    for (const [from, to] of BACK) {
      const last = (await occurrences(series.id, now, from, to)).at(-1)
      if (last) return last
    }
  } catch {
    return series
  }
  return series
}

async function occurrences(eventId: string, now: number, from: number, to: number): Promise<EventResource[]> {
  const params = { path: { eventId }, query: windowAt(now, from, to) }
  const { data } = await theApi().GET('/v1/events/{eventId}/occurrences', { params })
  return data!.items as EventResource[]
}

/** From so many days after now to so many. */
function windowAt(now: number, from: number, to: number): { from: string; to: string } {
  const [first, last] = [from, to].map((days) => `${new Date(now + days * DAY_MS).toISOString().slice(0, 19)}Z`)
  return { from: first!, to: last! }
}
