import { beforeEach, expect, test, vi } from 'vitest'
import type { Api, Calendar, Person } from '../src/api/client'

vi.stubGlobal('navigator', { language: 'en' })
vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined })
const kept = vi.fn()
vi.mock('../src/state/kept', () => ({ keepAbout: async () => undefined, keptAbout: kept }))
vi.mock('../src/state/language', () => ({ speak: () => undefined }))
vi.mock('../src/state/paint', () => ({ afterPaint: () => undefined }))
vi.mock('../src/state/events', () => ({ forgetMonths: () => undefined }))
vi.mock('../src/state/deeds', () => ({}))
vi.mock('../src/state/route', () => ({}))

const an = (email: string) => ({ id: 'an', email, assumed: [], timeZone: 'UTC', locale: 'en' }) as unknown as Person
const named = (name: string) => [{ name }] as unknown as Calendar[]

/** What was asked, and is answered when the test says so. */
let asked: { path: string; answer: (data: unknown) => void }[] = []
const api = {
  GET: (path: string) => new Promise((answer) => asked.push({ path, answer: (data) => answer({ data }) })),
} as unknown as Api

async function begun() {
  vi.resetModules()
  asked = []
  kept.mockReset().mockResolvedValue({ subject: 'an', person: an('kept@example.org'), calendars: named('Kept') })
  const session = await import('../src/state/session')
  const { rereadPerson } = await import('../src/state/person')
  const { rereadCalendars } = await import('../src/state/calendars')
  void session.recall(api, 'an')
  const start = session.begin()
  await vi.waitFor(() => expect(session.person.value?.email).toBe('kept@example.org'))
  const shown = () => [session.person.value!.email, session.calendars.value[0]!.name]
  return { start, shown, rereadPerson, rereadCalendars }
}

let app: Awaited<ReturnType<typeof begun>>
beforeEach(async () => void (app = await begun()))
const next = (path: string) => asked.splice(asked.findIndex((each) => each.path === path), 1)[0]!

async function answerTheFirst() {
  next('/v1/calendars').answer({ items: named('First') })
  next('/v1/me').answer(an('first@example.org'))
  await app.start
}

test('what was kept gives way to what the server says', async () => {
  await answerTheFirst()
  expect(app.shown()).toEqual(['first@example.org', 'First'])
})

test('an answer that comes late takes back nothing that was read after it was asked for', async () => {
  const first = asked.splice(0)
  void app.rereadPerson()
  void app.rereadCalendars()
  next('/v1/me').answer(an('now@example.org'))
  next('/v1/calendars').answer({ items: named('Now') })
  await vi.waitFor(() => expect(app.shown()).toEqual(['now@example.org', 'Now']))
  asked = first
  await answerTheFirst()
  expect(app.shown()).toEqual(['now@example.org', 'Now'])
})

test('who was read again has the calendars that come only now', async () => {
  const first = asked.splice(0)
  void app.rereadPerson()
  next('/v1/me').answer(an('now@example.org'))
  await vi.waitFor(() => expect(app.shown()).toEqual(['now@example.org', 'Kept']))
  asked = first
  await answerTheFirst()
  expect(app.shown()).toEqual(['now@example.org', 'First'])
})

test('who is read from the start once more has what the server says then', async () => {
  await answerTheFirst()
  const { begin } = await import('../src/state/session')
  const again = begin()
  next('/v1/calendars').answer({ items: named('Example week') })
  next('/v1/me').answer(an('first@example.org'))
  await again
  expect(app.shown()).toEqual(['first@example.org', 'Example week'])
})
