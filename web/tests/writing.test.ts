import { beforeEach, expect, test, vi } from 'vitest'
import { forgetOthers, forgetWriting, keepWriting, keptWriting, writeAs } from '../src/state/writing'

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (index: number) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size
    },
  })
  sessionStorage.setItem('of something else', 'x')
  writeAs('an')
})

test('what is written is there again for who wrote it', () => {
  keepWriting('event', { summary: 'Long story' })
  writeAs('an')
  expect(keptWriting('event')).toEqual({ summary: 'Long story' })
})

test('what is saved or thrown away is not', () => {
  keepWriting('event', { summary: 'Long story' })
  keepWriting('event', null)
  expect(keptWriting('event')).toBeNull()
})

test('nobody else ever sees it, nor does it come back after them', () => {
  keepWriting('event', { summary: 'Long story' })
  writeAs('bo')
  forgetOthers()
  expect(keptWriting('event')).toBeNull()
  writeAs('an')
  expect(keptWriting('event')).toBeNull()
})

test('who signs out leaves nothing of it here', () => {
  keepWriting('event', { summary: 'Long story' })
  keepWriting('task-t1', { summary: 'Taxes' })
  forgetWriting()
  expect([keptWriting('event'), keptWriting('task-t1')]).toEqual([null, null])
  expect(sessionStorage.length).toBe(1)
})
