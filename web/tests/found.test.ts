import { beforeEach, expect, test, vi } from 'vitest'
import type { EventResource } from '../src/api/client'

const GET = vi.fn()
vi.mock('../src/state/session', () => ({ theApi: () => ({ GET }) }))
const { findEvents } = await import('../src/state/found')

const series = (id: string) => ({ id, eventId: null, recurrence: ['RRULE:FREQ=DAILY'], overrides: [] }) as unknown as EventResource
const occurrence = (eventId: string, day: string) => ({ id: `${eventId}_${day}`, eventId, recurrenceId: day, recurrence: [] }) as unknown as EventResource
const listed = (...items: EventResource[]) => Promise.resolve({ data: { items } })

beforeEach(() => void GET.mockReset())

test('a series is found as its next occurrence, with one question for all of them', async () => {
  const single = { id: 'one', recurrence: [] } as unknown as EventResource
  GET.mockImplementation((_path, { params: { query } }) =>
    query.from ? listed(occurrence('a', '20270301'), occurrence('a', '20270302'), occurrence('b', '20270301')) : listed(series('a'), single, series('b')),
  )
  expect((await findEvents('tea')).map(({ id }) => id)).toEqual(['a_20270301', 'one', 'b_20270301'])
  expect(GET).toHaveBeenCalledTimes(2)
})

test('one that has none left is found as its last one, however long ago that was', async () => {
  const asked: string[] = []
  GET.mockImplementation((path: string, { params: { query } }) => {
    if (!path.includes('occurrences')) return query.from ? listed() : listed(series('a'))
    asked.push(query.from.slice(0, 4))
    return query.to < '2020' ? listed(occurrence('a', '20110505'), occurrence('a', '20120505')) : listed()
  })
  expect((await findEvents('feast')).map(({ id }) => id)).toEqual(['a_20120505'])
  expect(new Set(asked).size).toBe(asked.length)
})

test('a series whose occurrences cannot be had is found as it is', async () => {
  GET.mockImplementation((path: string, { params: { query } }) => (path.includes('occurrences') ? Promise.reject(new Error('too many')) : query.from ? listed() : listed(series('a'))))
  expect((await findEvents('tea')).map(({ id }) => id)).toEqual(['a'])
})
