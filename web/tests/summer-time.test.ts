import { beforeAll, expect, test, vi } from 'vitest'
import type { EventResource } from '../src/api/client'
import { ensureTemporal } from '../src/time'

const zone = { value: 'Europe/Berlin' }
vi.mock('../src/state/session', () => ({ zone }))
vi.mock('../src/state/events', () => ({}))
vi.mock('../src/state/nudge', () => ({}))
vi.mock('../src/state/window', () => ({}))

beforeAll(ensureTemporal)
const { moved, resized } = await import('../src/state/actions')

/** On the day when Berlin's clocks go from two to three. */
const on = (hour: string, timeZone?: string | null) => ({ dateTime: `2027-03-28T${hour}:00`, ...(timeZone === null ? {} : { timeZone: timeZone ?? 'Europe/Berlin' }) })
function event(from: string, to: string, timeZone?: string | null) {
  const times = { start: on(from, timeZone), end: on(to, timeZone) }
  return { id: 'e', start: times.start.dateTime, end: times.end.dateTime, allDay: false, event: { id: 'e', ...times } as EventResource }
}

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
