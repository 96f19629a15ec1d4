import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makePace } from '../src/state/pace'

const MINUTE = 60_000
/** Minutes at which was looked, and what the next looks find. */
let looks: number[]
let news: boolean[]
let shown: boolean
let offline: boolean

function begin() {
  const began = Date.now()
  const pace = makePace({
    look: () => {
      looks.push(Math.round((Date.now() - began) / MINUTE))
      pace.looked(news.shift() ?? false)
    },
    isShown: () => shown,
    isOffline: () => offline,
  })
  return pace
}

beforeEach(() => {
  vi.useFakeTimers()
  ;[looks, news, shown, offline] = [[], [], true, false]
})
afterEach(() => void vi.useRealTimers())

test('where nothing is new it is asked ever more seldom, down to once an hour', () => {
  begin()
  vi.advanceTimersByTime(240 * MINUTE)
  expect(looks).toEqual([5, 20, 50, 110, 170, 230])
})

test('what is new makes it ask sooner again', () => {
  news = [false, false, true]
  begin()
  vi.advanceTimersByTime(80 * MINUTE)
  expect(looks).toEqual([5, 20, 50, 55, 70])
})

test('while it is not shown nothing is asked, and whoever comes back sees what is new at once', () => {
  const pace = begin()
  shown = false
  vi.advanceTimersByTime(120 * MINUTE)
  expect(looks).toEqual([])
  shown = true
  pace.came()
  pace.came()
  expect(looks).toEqual([120])
  vi.advanceTimersByTime(5 * MINUTE)
  expect(looks).toEqual([120, 125])
})

test('who uses it after a while sees what is new, and who goes on using it asks no more often for that', () => {
  const pace = begin()
  vi.advanceTimersByTime(40 * MINUTE)
  expect(looks).toEqual([5, 20])
  for (let second = 0; second < 240; second += 1) {
    pace.touched()
    vi.advanceTimersByTime(1_000)
  }
  expect(looks).toEqual([5, 20, 40])
})

test('without a connection it is tried each minute', () => {
  offline = true
  begin()
  vi.advanceTimersByTime(3 * MINUTE)
  expect(looks).toEqual([1, 2, 3])
})
