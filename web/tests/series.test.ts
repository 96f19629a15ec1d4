import { beforeAll, describe, expect, test } from 'vitest'
import type { EventResource } from '../src/api/client'
import { formOfEvent, inputOf } from '../src/editor/form'
import { isChanged, plainOf, removedDays, withDay } from '../src/editor/series'
import { shownOf } from '../src/state/events'
import { ensureTemporal } from '../src/time'

beforeAll(ensureTemporal)

const HOME = 'Asia/Ho_Chi_Minh'
const RULE = 'RRULE:FREQ=DAILY'

function series(parts: Partial<EventResource> = {}): EventResource {
  return {
    id: 'e1', calendarId: 'c1', summary: 'Review', description: '', location: '', url: null, status: 'CONFIRMED',
    transparency: 'OPAQUE', visibility: 'DEFAULT', color: null, categories: [], attendees: [], etag: 'v1',
    start: { dateTime: '2026-11-23T09:00:00', timeZone: HOME }, end: { dateTime: '2026-11-23T09:30:00', timeZone: HOME },
    recurrence: [RULE], reminders: { useDefault: true, overrides: [] }, ...parts,
  } as EventResource
}

function occurrence(parts: Partial<EventResource> = {}): EventResource {
  return series({
    start: { dateTime: '2026-11-25T09:00:00', timeZone: HOME } as never, end: { dateTime: '2026-11-25T09:30:00', timeZone: HOME } as never,
    recurrenceId: '20261125T090000', eventId: 'e1', recurrence: [], ...parts,
  })
}

describe('days that were taken out', () => {
  const lines = [RULE, 'EXDATE;TZID=Asia/Ho_Chi_Minh:20261126T090000,20261124T090000', 'EXDATE:20261127T020000Z']

  test('are told in order, by the clock of the series', () => {
    expect(removedDays(lines, HOME).map(({ wall }) => wall)).toEqual(['2026-11-24T09:00:00', '2026-11-26T09:00:00', '2026-11-27T09:00:00'])
    expect(removedDays(['EXDATE;VALUE=DATE:20261124'], HOME)).toEqual([{ value: '20261124', wall: '2026-11-24' }])
  })

  test('come back one by one', () => {
    expect(withDay(lines, '20261124T090000')).toEqual([RULE, 'EXDATE;TZID=Asia/Ho_Chi_Minh:20261126T090000', 'EXDATE:20261127T020000Z'])
    expect(withDay(lines, '20261127T020000Z')).toEqual(lines.slice(0, 2))
  })

  test('leave the rule editable, and stay beside it', () => {
    const own = series({ recurrence: lines })
    const form = formOfEvent(shownOf(own, HOME), lines, HOME)
    expect(form.repeat?.frequency).toBe('DAILY')
    expect(inputOf(form).recurrence).toEqual(lines)
    expect(inputOf({ ...form, repeat: null }).recurrence).toEqual([])
  })
})

describe('a day that was changed', () => {
  test('is one that is another than the series says', () => {
    expect(isChanged(occurrence(), series())).toBe(false)
    expect(isChanged(occurrence({ summary: 'Other' }), series())).toBe(true)
    expect(isChanged(occurrence({ start: { dateTime: '2026-11-25T10:00:00', timeZone: HOME } as never }), series())).toBe(true)
    expect(isChanged(occurrence({ end: { dateTime: '2026-11-25T10:30:00', timeZone: HOME } as never }), series())).toBe(true)
  })

  test('is none that stands as the series says in an hour that the clock leaves out', () => {
    const berlin = (dateTime: string) => ({ dateTime, timeZone: 'Europe/Berlin' })
    const daily = series({ start: berlin('2027-03-26T02:30:00'), end: berlin('2027-03-26T03:15:00') })
    const left = { recurrenceId: '20270328T023000', start: berlin('2027-03-28T03:30:00'), end: berlin('2027-03-28T04:15:00') }
    expect(isChanged(occurrence(left), daily)).toBe(false)
    expect(plainOf(daily, left.recurrenceId).end).toEqual(left.end)
    expect(isChanged(occurrence({ ...left, end: berlin('2027-03-28T04:30:00') }), daily)).toBe(true)
  })

  test('is as the others again by what the series says of it', () => {
    expect(plainOf(series(), '20261125T090000')).toMatchObject({ summary: 'Review', start: occurrence().start, end: occurrence().end })
  })

  test('of whole days has its days', () => {
    const trip = series({ start: { date: '2026-11-23' } as never, end: { date: '2026-11-25' } as never })
    const own = { start: { date: '2026-12-23' } as never, end: { date: '2026-12-25' } as never, recurrenceId: '20261223' }
    expect(isChanged(occurrence(own), trip)).toBe(false)
    expect(plainOf(trip, '20261223')).toMatchObject({ start: { date: '2026-12-23' }, end: { date: '2026-12-25' } })
  })

  test('that ends in another zone keeps both clocks', () => {
    const flight = series({ end: { dateTime: '2026-11-23T08:00:00', timeZone: 'Europe/Berlin' } as never })
    expect(plainOf(flight, '20261125T090000')).toMatchObject({ end: { dateTime: '2026-11-25T08:00:00', timeZone: 'Europe/Berlin' } })
  })
})
