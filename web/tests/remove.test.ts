import { beforeEach, expect, test, vi } from 'vitest'
import type { EventResource } from '../src/api/client'

const DELETE = vi.fn()
vi.mock('../src/state/session', () => ({ theApi: () => ({ DELETE }), zone: { value: 'UTC' } }))
vi.mock('../src/state/events', () => ({ lay: () => () => undefined, wrote: () => undefined, refresh: async () => undefined }))
vi.mock('../src/state/window', () => ({ windowOf: () => ({ from: '', to: '' }) }))
vi.mock('../src/state/nudge', () => ({ rest: async () => undefined }))
const { question, removeEvent } = await import('../src/state/actions')

const event = (id: string, recurrence: string[] = []) => ({ id, etag: '1', recurrence }) as unknown as EventResource

beforeEach(() => void DELETE.mockReset().mockResolvedValue({ response: new Response() }))

test('a whole series is deleted only once that was confirmed', async () => {
  const refused = removeEvent(event('series', ['RRULE:FREQ=WEEKLY']))
  question.value!.answer(null)
  expect([await refused, DELETE.mock.calls.length]).toEqual([false, 0])
  const confirmed = removeEvent(event('series', ['RRULE:FREQ=WEEKLY']))
  question.value!.answer('all')
  expect([await confirmed, DELETE.mock.calls.length]).toEqual([true, 1])
})

test('a single event is deleted at once', async () => {
  expect(await removeEvent(event('single'))).toBe(true)
  expect(question.value).toBe(null)
})
