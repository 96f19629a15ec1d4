import { beforeAll, expect, test, vi } from 'vitest'
import type { EventResource } from '../src/api/client'
import { placeDay } from '../src/grid-layout'
import { ensureTemporal } from '../src/time'

const zone = { value: 'Europe/Berlin' }
vi.mock('../src/state/session', () => ({ zone }))
vi.mock('../src/state/nudge', () => ({}))
vi.mock('../src/state/window', () => ({}))

beforeAll(ensureTemporal)
const { shownOf } = await import('../src/state/events')
const { moved, resized } = await import('../src/state/actions')

/** On the day when Berlin's clocks go from two to three. */
const on = (hour: string, timeZone?: string | null) => ({ dateTime: `2027-03-28T${hour}:00`, ...(timeZone === null ? {} : { timeZone: timeZone ?? 'Europe/Berlin' }) })
function event(from: string, to: string, timeZone?: string | null) {
  const times = { start: on(from, timeZone), end: on(to, timeZone) }
  return { id: 'e', start: times.start.dateTime, end: times.end.dateTime, allDay: false, event: { id: 'e', ...times } as EventResource }
}

test('an hour that is left out is shown where the clock shows it, and as tall as it takes', () => {
  const shown = shownOf(event('02:30', '04:15').event, 'Europe/Berlin')
  expect([shown.start, shown.end]).toEqual(['2027-03-28T03:30:00', '2027-03-28T04:15:00'])
  expect(placeDay([shown], '2027-03-28')[0]).toMatchObject({ from: 210, to: 255 })
})

test('an hour in autumn that ends when the clock shows its start again is an hour tall', () => {
  const watch = { id: 'w', start: { dateTime: '2027-10-31T02:30:00', timeZone: 'Europe/Berlin' }, end: { dateTime: '2027-10-31T01:30:00', timeZone: 'UTC' } } as EventResource
  const shown = shownOf(watch, 'Europe/Berlin')
  expect(shown.end).toBe('2027-10-31T02:30:00')
  expect(placeDay([shown], '2027-10-31')[0]).toMatchObject({ from: 150, to: 210 })
})

test('moved into the hour that is left out, it begins after it and is as long as it was', () => {
  expect(moved(event('01:30', '02:00'), 0, 60)).toEqual({ start: on('03:30'), end: on('04:00') })
  expect(moved(event('01:00', '01:30'), 0, 45)).toEqual({ start: on('01:45'), end: on('03:15') })
})

test('moved back into it, it begins before it', () => {
  expect(moved(event('03:00', '03:30'), 0, -15)).toEqual({ start: on('01:45'), end: on('03:15') })
  expect(moved(event('03:30', '04:30'), 0, -60)).toEqual({ start: on('01:30'), end: on('03:30') })
})

test('moved over it, it stands on the clock as it did', () => {
  expect(moved(event('01:00', '01:30'), 0, 120)).toEqual({ start: on('03:00'), end: on('03:30') })
  expect(moved(event('00:00', '01:00'), 1, 0)).toEqual({
    start: { dateTime: '2027-03-29T00:00:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2027-03-29T01:00:00', timeZone: 'Europe/Berlin' },
  })
})

test('an end that is drawn into it jumps over it, both ways', () => {
  expect(resized(event('01:30', '02:00'), 15)).toEqual({ start: on('01:30'), end: on('03:15') })
  expect(resized(event('01:30', '03:00'), -15)).toEqual({ start: on('01:30'), end: on('01:45') })
})

test('floating time is on no clock that leaves anything out', () => {
  expect(moved(event('01:30', '02:00', null), 0, 60)).toEqual({ start: on('02:30', null), end: on('03:00', null) })
})
