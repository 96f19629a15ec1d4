import { describe, expect, test } from 'vitest'
import type { EventResource } from '../src/api/client'
import { timesOverSeries } from '../src/state/over-series'

const BERLIN = 'Europe/Berlin'
const at = (dateTime: string, timeZone = BERLIN) => ({ dateTime, timeZone })
const on = (date: string) => ({ date })
type Times = Pick<EventResource, 'start' | 'end'>
const times = (start: object, end: object) => ({ start, end }) as Times

const weekly = (hour: string, later: string) => times(at(`2026-10-06T${hour}:00`), at(`2026-10-06T${later}:00`))
const tuesday = (hour: string, later: string) => times(at(`2026-11-24T${hour}:00`), at(`2026-11-24T${later}:00`))

describe('a whole series', () => {
  test.each([['00:00', '01:00'], ['09:00', '10:00'], ['15:00', '16:00'], ['23:30', '23:45']])('of Tuesdays at %s that is made all-day stays on Tuesdays', (hour, later) => {
    const now = times(on('2026-11-24'), on('2026-11-25'))
    expect(timesOverSeries(weekly(hour, later), tuesday(hour, later), now)).toEqual(times(on('2026-10-06'), on('2026-10-07')))
  })

  test('that is made all-day and moved goes as many days, with its length', () => {
    const now = times(on('2026-11-26'), on('2026-11-29'))
    expect(timesOverSeries(weekly('15:00', '16:00'), tuesday('15:00', '16:00'), now)).toEqual(times(on('2026-10-08'), on('2026-10-11')))
  })

  test('of whole days that gets a time stays on its days', () => {
    const series = times(on('2026-10-06'), on('2026-10-07'))
    const found = timesOverSeries(series, times(on('2026-11-24'), on('2026-11-25')), tuesday('15:00', '16:30'))
    expect(found).toEqual(times(at('2026-10-06T15:00:00'), at('2026-10-06T16:30:00')))
  })

  test('moves by the clock on the wall, also from a day on which that changes', () => {
    const series = times(at('2026-10-20T15:00:00'), at('2026-10-20T16:00:00'))
    const sunday = times(at('2026-10-25T15:00:00'), at('2026-10-25T16:00:00'))
    expect(timesOverSeries(series, sunday, times(on('2026-10-25'), on('2026-10-26')))).toEqual(times(on('2026-10-20'), on('2026-10-21')))
    const later = times(at('2026-10-26T01:30:00'), at('2026-10-26T02:30:00'))
    expect(timesOverSeries(series, sunday, later)).toEqual(times(at('2026-10-21T01:30:00'), at('2026-10-21T02:30:00')))
  })

  test('that ends on another clock keeps it', () => {
    const series = times(at('2026-10-06T10:00:00'), at('2026-10-06T13:00:00', 'America/New_York'))
    const one = times(at('2026-11-24T10:00:00'), at('2026-11-24T13:00:00', 'America/New_York'))
    const now = times(at('2026-11-24T11:00:00'), at('2026-11-24T14:00:00', 'America/New_York'))
    expect(timesOverSeries(series, one, now)).toEqual(times(at('2026-10-06T11:00:00'), at('2026-10-06T14:00:00', 'America/New_York')))
  })
})
