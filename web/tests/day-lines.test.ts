import { describe, expect, test } from 'vitest'
import { linesOf } from '../src/day-lines'

function timed(id: string, start: string, end: string) {
  return { id, start: `${start}:00`, end: `${end}:00`, allDay: false }
}
const days = (found: ReturnType<typeof linesOf>) => [...found].map(([day, lines]) => [day, ...lines.map(({ event, part }) => `${event.id} ${part}`)])

describe('the lines of a day', () => {
  test('of an event over several days stand on each of them, with what of it is on that day', () => {
    const found = linesOf([timed('trip', '2026-11-24T14:00', '2026-11-26T11:00')], '2026-11-23', '2026-11-30')
    expect(days(found)).toEqual([
      ['2026-11-24', 'trip from'],
      ['2026-11-25', 'trip whole'],
      ['2026-11-26', 'trip until'],
    ])
  })

  test('of a night reach into the next day, of what ends at midnight they do not', () => {
    const found = linesOf([timed('late', '2026-11-24T20:00', '2026-11-25T00:00'), timed('night', '2026-11-24T22:00', '2026-11-25T06:00')], '2026-11-24', '2026-11-30')
    expect(days(found)).toEqual([
      ['2026-11-24', 'late times', 'night from'],
      ['2026-11-25', 'night until'],
    ])
  })

  test('of whole days end before the day that is excluded, and stay within the days that are shown', () => {
    const found = linesOf([{ id: 'fair', start: '2026-11-20', end: '2026-11-26', allDay: true }], '2026-11-24', '2026-11-30')
    expect(days(found)).toEqual([
      ['2026-11-24', 'fair whole'],
      ['2026-11-25', 'fair whole'],
    ])
    expect(days(linesOf([timed('long', '2026-11-20T09:00', '2026-12-20T09:00')], '2026-11-24', '2026-11-25'))).toEqual([['2026-11-24', 'long whole']])
  })

  test('stand in the order of the day: what lasts it all, what goes on from before, and what begins', () => {
    const found = linesOf(
      [
        timed('night', '2026-11-23T22:00', '2026-11-24T06:00'),
        { id: 'fair', start: '2026-11-24', end: '2026-11-25', allDay: true },
        timed('early', '2026-11-24T05:00', '2026-11-24T06:00'),
      ],
      '2026-11-24',
      '2026-11-25',
    )
    expect(days(found)).toEqual([['2026-11-24', 'fair whole', 'night until', 'early times']])
  })

  test('from midnight to midnight is the whole day', () => {
    expect(days(linesOf([timed('fast', '2026-11-24T00:00', '2026-11-25T00:00')], '2026-11-23', '2026-11-30'))).toEqual([['2026-11-24', 'fast whole']])
  })

  test('an event of no length is on its day, at midnight too', () => {
    expect(days(linesOf([timed('bell', '2026-11-24T00:00', '2026-11-24T00:00')], '2026-11-23', '2026-11-30'))).toEqual([['2026-11-24', 'bell times']])
  })
})
