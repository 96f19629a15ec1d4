import { signal } from '@preact/signals'
import { beforeEach, expect, test, vi } from 'vitest'

const offline = signal(false)
const refresh = vi.fn(async () => undefined)
/** What the feed was asked for, in order, and what it answers next; a page of nothing where nothing is said. */
let asked: string[] = []
let answers: (Error | { items: object[]; nextToken: string })[] = []

async function feed(_: string, { params }: { params: { query: { since: string } } }) {
  asked.push(params.query.since)
  const next = answers.shift() ?? { items: [], nextToken: 'later' }
  if (next instanceof Error) throw next
  return { data: { more: false, ...next } }
}

vi.mock('../src/state/session', () => ({ theApi: () => ({ GET: feed }), offline }))
vi.mock('../src/state/events', () => ({ pending: { value: new Map() }, refresh }))
vi.mock('../src/state/calendars', () => ({ rereadCalendars: async () => undefined }))
vi.mock('../src/state/person', () => ({ rereadPerson: async () => undefined }))
vi.mock('../src/state/route', () => ({ route: { value: {} } }))
vi.mock('../src/state/window', () => ({ windowOf: () => ({ from: '', to: '' }) }))

const NOTHING = { items: [], nextToken: 'first' }
const NEWS = { items: [{ kind: 'event' }], nextToken: 'second' }

async function begun() {
  vi.resetModules()
  ;[asked, answers] = [[], []]
  offline.value = false
  refresh.mockReset()
  const { OfflineError, ProblemError } = await import('../src/api/client')
  const { lookNow, noteFeed } = await import('../src/state/live')
  return { lookNow, noteFeed, OfflineError, ProblemError }
}

let live: Awaited<ReturnType<typeof begun>>
beforeEach(async () => void (live = await begun()))

test('what changed elsewhere while there was no network is asked for when it is back', async () => {
  answers = [NOTHING, new live.OfflineError(), NEWS]
  live.noteFeed()
  await live.lookNow()
  expect(offline.value).toBe(true)
  await live.lookNow()
  expect(asked).toEqual(['now', 'first', 'first'])
  expect(refresh).toHaveBeenCalledOnce()
  expect(offline.value).toBe(false)
})

test('what was said to be new and could not be read is looked for again', async () => {
  answers = [NOTHING, NEWS, NEWS]
  refresh.mockImplementationOnce(async () => void (offline.value = true))
  live.noteFeed()
  await live.lookNow()
  expect(offline.value).toBe(true)
  await live.lookNow()
  expect(asked).toEqual(['now', 'first', 'first'])
  expect(refresh).toHaveBeenCalledTimes(2)
  expect(offline.value).toBe(false)
})

test('a fault of the server loses no change', async () => {
  answers = [NOTHING, new live.ProblemError(503, '', ''), NEWS]
  live.noteFeed()
  await live.lookNow()
  await live.lookNow()
  expect(asked).toEqual(['now', 'first', 'first'])
  expect(offline.value).toBe(false)
})

test('where the feed no longer reaches back so far, all is read again', async () => {
  answers = [NOTHING, new live.ProblemError(410, '', ''), { items: [], nextToken: 'anew' }]
  live.noteFeed()
  await live.lookNow()
  await vi.waitFor(() => expect(refresh).toHaveBeenCalledOnce())
  await live.lookNow()
  expect(asked).toEqual(['now', 'first', 'now', 'anew'])
  expect(refresh).toHaveBeenCalledOnce()
})

test('where it could not be noted how far the feed was, all is read again', async () => {
  answers = [new live.OfflineError(), { items: [], nextToken: 'anew' }]
  live.noteFeed()
  await live.lookNow()
  expect(asked).toEqual(['now', 'now'])
  expect(refresh).toHaveBeenCalledOnce()
})
