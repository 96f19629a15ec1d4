/** What the reminder centre reads. */
import { theApi } from '../../state/session'
import type { Reminder, Rule } from './text'

export const DAYS = 30
const DAY_MS = 86_400_000
const PAGE = 100
/** Days for which something due can still wait for an open app, or for the mail server. */
const WAITING_DAYS = 31

export interface Page {
  items: readonly Reminder[]
  next: string | null
}

type Query = { from: string; to: string; status?: 'planned' | 'sending'; limit: number; cursor?: string }

export function later(days: number, from = Date.now()): string {
  return new Date(from + days * DAY_MS).toISOString()
}

async function read(query: Query): Promise<Page> {
  const { data } = await theApi().GET('/v1/reminders', { params: { query } })
  return { items: data!.items, next: data!.nextCursor }
}

async function readAll(query: Omit<Query, 'limit'>): Promise<Reminder[]> {
  const found: Reminder[] = []
  let cursor: string | null = null
  do {
    const page: Page = await read({ ...query, limit: PAGE, ...(cursor ? { cursor } : {}) })
    found.push(...page.items)
    cursor = page.next
  } while (cursor)
  return found
}

/** The first `pages` pages of what will ring in 30 days, all from one instant on so that they fit together. */
export async function readComing(pages: number, from = new Date().toISOString()): Promise<Page> {
  const found: Reminder[] = []
  let next: string | null = null
  for (let page = 0; page < pages; page += 1) {
    const query: Query = { from, to: later(DAYS, Date.parse(from)), status: 'planned', limit: PAGE }
    const { items, next: behind }: Page = await read(next ? { ...query, cursor: next } : query)
    found.push(...items)
    next = behind
    if (!next) break
  }
  return { items: found, next }
}

/** What is due and has not come: a mail that is tried again, or what waits for the app to be open. */
export function readWaiting(): Promise<Reminder[]> {
  return readAll({ from: later(-WAITING_DAYS), to: later(1), status: 'sending' })
}

/** What is over of a time, the newest first. */
export async function readPast(from: string, to: string): Promise<Reminder[]> {
  const found = await readAll({ from, to })
  return found.filter(({ status }) => status !== 'planned' && status !== 'sending').reverse()
}

export async function readRules(): Promise<Rule[]> {
  const { data } = await theApi().GET('/v1/reminder-rules')
  return data!.items
}

export function byId(rules: readonly Rule[]): ReadonlyMap<string, Rule> {
  return new Map(rules.map((each) => [each.id, each]))
}
