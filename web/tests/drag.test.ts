import { expect, test } from 'vitest'
import { scrollBy } from '../src/views/drag'

test('what is held at an edge scrolls to what lies beyond it, the faster the nearer', () => {
  expect([300, 500, 541].map((y) => scrollBy(y, 100, 600) === 0)).toEqual([true, true, true])
  expect(scrollBy(560.5, 100, 600)).toBeGreaterThanOrEqual(0)
  expect(scrollBy(590, 100, 600)).toBeGreaterThan(scrollBy(570, 100, 600))
  expect(scrollBy(600, 100, 600)).toBe(scrollBy(900, 100, 600))
  expect(scrollBy(110, 100, 600)).toBeLessThan(scrollBy(130, 100, 600))
  expect(scrollBy(100, 100, 600)).toBe(-scrollBy(600, 100, 600))
})

test('between the edges of a low place there is room where nothing scrolls', () => {
  expect(scrollBy(130, 100, 160)).toBe(0)
})
