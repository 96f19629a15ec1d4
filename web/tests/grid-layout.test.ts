import { describe, expect, test } from 'vitest'
import { isLong, isPast, lastDay, partOn, placeBars, placeDay, SHORTEST, thinned, type Shown } from '../src/grid-layout'

function timed(id: string, start: string, end: string): Shown {
  return { id, start: `2026-11-${start}:00`, end: `2026-11-${end}:00`, allDay: false }
}

function allDay(id: string, start: string, end: string): Shown {
  return { id, start: `2026-11-${start}`, end: `2026-11-${end}`, allDay: true }
}

describe('the hours of a day', () => {
  test('events that overlap stand side by side, and only those', () => {
    const placed = placeDay(
      [timed('a', '23T09:00', '23T10:00'), timed('b', '23T09:30', '23T11:00'), timed('c', '23T10:00', '23T10:30'), timed('d', '23T12:00', '23T13:00')],
      '2026-11-23',
    )
    expect(placed.map(({ event, column, columns }) => [event.id, column, columns])).toEqual([
      ['a', 0, 2],
      ['b', 1, 2],
      ['c', 0, 2],
      ['d', 0, 1],
    ])
  })

  test('an event over midnight is on both days, cut at midnight', () => {
    const night = timed('a', '23T22:00', '24T02:00')
    expect(placeDay([night], '2026-11-23')[0]).toMatchObject({ from: 1320, to: 1440, before: false, after: true })
    expect(placeDay([night], '2026-11-24')[0]).toMatchObject({ from: 0, to: 120, before: true, after: false })
    expect(placeDay([night], '2026-11-25')).toEqual([])
  })

  test('what ends at midnight is not on the next day', () => {
    expect(placeDay([timed('a', '23T22:00', '24T00:00')], '2026-11-24')).toEqual([])
  })

  test('an event of no length can be seen, once', () => {
    expect(placeDay([timed('a', '23T09:00', '23T09:00')], '2026-11-23')[0]).toMatchObject({ from: 540, to: 540 + SHORTEST })
    expect(placeDay([timed('a', '23T00:00', '23T00:00')], '2026-11-23')).toHaveLength(1)
    expect(placeDay([timed('a', '24T00:00', '24T00:00')], '2026-11-23')).toEqual([])
  })
})

describe('a crowd', () => {
  const crowd = Array.from({ length: 6 }, (_, index) => timed(`e${index}`, `23T09:0${index}`, '23T10:00'))

  test('is thinned to what can be read, and the rest is counted', () => {
    const { shown, crowds } = thinned(placeDay([...crowd, timed('later', '23T12:00', '23T13:00')], '2026-11-23'), 3)
    expect(shown.map(({ event, columns }) => [event.id, columns])).toEqual([['e0', 3], ['e1', 3], ['later', 1]])
    expect(crowds).toEqual([{ from: 542, to: 600, count: 4, column: 2, columns: 3 }])
  })

  test('that can be read is left alone', () => {
    const placed = placeDay(crowd, '2026-11-23')
    expect(thinned(placed, 6)).toEqual({ shown: placed, crowds: [] })
  })

  test('an event is as wide as nothing else is beside it', () => {
    const placed = placeDay([timed('a', '23T09:00', '23T10:00'), timed('b', '23T09:00', '23T12:00'), timed('c', '23T09:00', '23T10:00'), timed('d', '23T11:00', '23T12:00')], '2026-11-23')
    expect(placed.map(({ event, column, wide }) => [event.id, column, wide])).toEqual([['b', 0, 1], ['a', 1, 1], ['c', 2, 1], ['d', 1, 2]])
  })
})

test('an event is past when it is over, one of the whole day when the day is', () => {
  expect(isPast(timed('a', '23T09:00', '23T10:00'), '2026-11-23T09:59:59')).toBe(false)
  expect(isPast(timed('a', '23T09:00', '23T10:00'), '2026-11-23T10:00:00')).toBe(true)
  expect(isPast(allDay('a', '23', '24'), '2026-11-23T23:59:00')).toBe(false)
  expect(isPast(allDay('a', '23', '24'), '2026-11-24T00:00:00')).toBe(true)
})

test('what is dragged over midnight is seen on both days', () => {
  const dragged = ['2026-11-23T23:00:00', '2026-11-24T01:00:00'] as const
  expect(partOn('2026-11-23', ...dragged)).toEqual({ from: 1380, to: 1440 })
  expect(partOn('2026-11-24', ...dragged)).toEqual({ from: 0, to: 60 })
  expect(partOn('2026-11-25', ...dragged)).toBeNull()
})

describe('the strip of days', () => {
  test('an all-day event ends on the day before its end', () => {
    expect(lastDay(allDay('a', '23', '24'))).toBe('2026-11-23')
    expect(lastDay(timed('b', '23T09:00', '24T00:00'))).toBe('2026-11-23')
    expect(lastDay(timed('c', '23T09:00', '24T09:00'))).toBe('2026-11-24')
  })

  test('bars take the highest lane that is free', () => {
    const bars = placeBars([allDay('b', '24', '26'), allDay('a', '20', '25'), allDay('c', '25', '26'), allDay('d', '29', '31')], '2026-11-23', 7)
    expect(bars.map(({ event, first, last, lane, before, after }) => [event.id, first, last, lane, before, after])).toEqual([
      ['a', 0, 1, 0, true, false],
      ['b', 1, 2, 1, false, false],
      ['c', 2, 2, 0, false, false],
      ['d', 6, 6, 0, false, true],
    ])
  })

  test('a day and more belongs there, less does not', () => {
    expect(isLong(timed('a', '23T09:00', '24T09:00'))).toBe(true)
    expect(isLong(timed('a', '23T22:00', '24T02:00'))).toBe(false)
  })
})
