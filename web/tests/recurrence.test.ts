import { beforeAll, describe, expect, test } from 'vitest'
import { countIn, freshRepeat, onDay, readRepeat, writeRepeat, type Repeat, type Weekday } from '../src/editor/recurrence'
import { ensureTemporal } from '../src/time'

beforeAll(ensureTemporal)

const MONDAY = '2026-11-23T09:00:00'
const SAIGON = 'Asia/Ho_Chi_Minh'

test.each([
  ['RRULE:FREQ=DAILY'],
  ['RRULE:FREQ=DAILY;INTERVAL=3;COUNT=5'],
  ['RRULE:FREQ=WEEKLY;BYDAY=MO'],
  ['RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR'],
  ['RRULE:FREQ=MONTHLY'],
  ['RRULE:FREQ=MONTHLY;BYDAY=4MO'],
  ['RRULE:FREQ=YEARLY'],
  ['RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4MO'],
  ['RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231T165959Z'],
])('%s is shown and written as it was', (line) => {
  expect(writeRepeat(readRepeat([line], MONDAY, SAIGON)!, MONDAY, SAIGON)).toEqual([line])
})

test.each([
  ['RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1'],
  ['RRULE:FREQ=MONTHLY;BYDAY=2TU'],
  ['RRULE:FREQ=DAILY;BYHOUR=9,15'],
  ['RRULE:FREQ=HOURLY'],
  ['RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15'],
  ['RRULE:FREQ=WEEKLY;BYDAY=1MO'],
])('%s is more than the form can show, and is left as it is', (line) => {
  expect(readRepeat([line], MONDAY, SAIGON)).toBeNull()
})

test('a rule beside dates of its own is left as it is', () => {
  expect(readRepeat(['RRULE:FREQ=DAILY', 'EXDATE:20261124T090000'], MONDAY, SAIGON)).toBeNull()
})

test('the last day is a day in the zone of the event, and UNTIL its last second in UTC', () => {
  const repeat = { ...freshRepeat('DAILY', '2026-11-23'), ends: 'on' as const, until: '2026-12-01' }
  expect(writeRepeat(repeat, MONDAY, SAIGON)).toEqual(['RRULE:FREQ=DAILY;UNTIL=20261201T165959Z'])
  expect(writeRepeat(repeat, '2026-11-23', SAIGON)).toEqual(['RRULE:FREQ=DAILY;UNTIL=20261201'])
  expect(readRepeat(['RRULE:FREQ=DAILY;UNTIL=20261201T165959Z'], MONDAY, SAIGON)!.until).toBe('2026-12-01')
})

describe('a rule goes along with its day', () => {
  const line = (repeat: Repeat, date: string) => writeRepeat(repeat, `${date}T09:00:00`, SAIGON)[0]

  test('weekly on the weekday that it had', () => {
    expect(line(freshRepeat('WEEKLY', '2026-11-23'), '2026-11-25')).toBe('RRULE:FREQ=WEEKLY;BYDAY=WE')
    expect(line({ ...freshRepeat('WEEKLY', '2026-11-23'), days: ['TU'] }, '2026-11-25')).toBe('RRULE:FREQ=WEEKLY;BYDAY=TU')
  })

  test('of several weekdays only that one, whatever days were passed on the way', () => {
    const repeat = { ...freshRepeat('WEEKLY', '2026-11-23'), days: ['MO', 'WE'] as Weekday[] }
    expect(line(repeat, '2026-11-24')).toBe('RRULE:FREQ=WEEKLY;BYDAY=TU,WE')
    expect(line(repeat, '2026-11-25')).toBe('RRULE:FREQ=WEEKLY;BYDAY=MO,WE')
    expect(onDay(onDay(repeat, '2026-11-25'), '').days).toEqual(['MO', 'WE'])
  })

  test('monthly on the same day of another week, or its last', () => {
    const fourth = { ...freshRepeat('MONTHLY', '2026-11-23'), on: 'weekday' as const }
    expect(line(fourth, '2026-12-01')).toBe('RRULE:FREQ=MONTHLY;BYDAY=1TU')
    expect(line(fourth, '2026-12-29')).toBe('RRULE:FREQ=MONTHLY;BYDAY=-1TU')
    expect(line({ ...fourth, nth: -1 }, '2026-12-28')).toBe('RRULE:FREQ=MONTHLY;BYDAY=-1MO')
    expect(line({ ...fourth, nth: -1 }, '2026-12-01')).toBe('RRULE:FREQ=MONTHLY;BYDAY=1TU')
  })

  test('and stays as it was read on the day for which it was', () => {
    expect(line(readRepeat(['RRULE:FREQ=MONTHLY;BYDAY=2MO'], MONDAY, SAIGON)!, '2026-11-23')).toBe('RRULE:FREQ=MONTHLY;BYDAY=2MO')
  })
})

test.each([['', null], ['2', 2], ['0', null], ['100', null], ['1.5', null], ['12', 12]])('what is typed as %j counts %s times', (text, count) => {
  expect(countIn(text, 99)).toBe(count)
})
