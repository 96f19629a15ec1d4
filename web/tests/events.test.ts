import { signal } from '@preact/signals'
import { beforeEach, expect, test, vi } from 'vitest'
import type { EventResource } from '../src/api/client'

const reading: { answer: (summary: string) => void }[] = []

function listing() {
  return new Promise((answered) => reading.push({ answer: (summary) => answered({ data: { items: [{ ...A, summary }] } }) }))
}

vi.mock('../src/state/session', () => ({
  theApi: () => ({ GET: listing }),
  hidden: signal(new Set()),
  offline: signal(false),
  zone: signal('UTC'),
}))
vi.mock('../src/state/kept', () => ({ keepMonth: async () => undefined, keptMonth: async () => undefined }))
vi.mock('../src/state/paint', () => ({ afterPaint: () => undefined }))

const time = (hour: string) => ({ dateTime: `2027-03-03T${hour}:00:00`, timeZone: 'UTC' })
const A = { id: 'a', calendarId: 'c', summary: '', start: time('09'), end: time('10') } as unknown as EventResource
const WEEK = ['2027-03-01', '2027-03-08'] as const

async function begun() {
  vi.resetModules()
  reading.length = 0
  return import('../src/state/events')
}
let events: Awaited<ReturnType<typeof begun>>
beforeEach(async () => void (events = await begun()))

const shown = () => events.seenBetween(...WEEK).map(({ event }) => event.summary)
const asked = (count: number) => vi.waitFor(() => expect(reading).toHaveLength(count))

test('what was asked before a write was answered is not taken for how things stand', async () => {
  const loaded = events.need(...WEEK)
  await asked(1)
  events.wrote()
  reading[0]!.answer('before the write')
  await asked(2)
  expect(shown()).toEqual([])
  reading[1]!.answer('after it')
  await loaded
  expect(shown()).toEqual(['after it'])
})

test('what is wanted afresh is read again, once, though a reading is under way', async () => {
  const first = events.need(...WEEK)
  await asked(1)
  events.wrote()
  const fresh = events.refresh(...WEEK)
  reading[0]!.answer('of before')
  await asked(2)
  reading[1]!.answer('of now')
  await Promise.all([first, fresh])
  expect(shown()).toEqual(['of now'])
  expect(reading).toHaveLength(2)
})


test('an earlier write that is over does not take off what a later one shows', async () => {
  const earlier = events.lay([['a', { ...A, summary: 'first' }]])
  const later = events.lay([['a', { ...A, summary: 'second' }]])
  earlier()
  expect(shown()).toEqual(['second'])
  later()
  expect(shown()).toEqual([])
})

test('what is laid over is taken off again, though it was laid twice', async () => {
  const event = { ...A, summary: 'moved' }
  const [earlier, later] = [events.lay([['a', event]]), events.lay([['a', event]])]
  earlier()
  expect(shown()).toEqual(['moved'])
  later()
  expect(shown()).toEqual([])
})
