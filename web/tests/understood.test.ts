import { beforeEach, expect, test } from 'vitest'
import { locale } from '../src/i18n'
import { factsOf } from '../src/views/understood'

const YEAR = new Date().getFullYear()
const at = (dateTime: string) => ({ dateTime: `${YEAR}-${dateTime}:00` })
const on = (date: string) => ({ date: `${YEAR}-${date}` })
const DRAFT = { summary: 'Night train', start: null, end: null, due: null, location: '', recurrence: [], reminders: { useDefault: true } }
const event = (more: object) => factsOf({ kind: 'event', draft: { ...DRAFT, ...more } as never })
/** Which day of the week that is changes with the year. */
const day = (date: string) => new Intl.DateTimeFormat(locale.value, { weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(`${YEAR}-${date}T12:00`))

beforeEach(() => void (locale.value = 'en-GB'))

test.each(['en-GB', 'vi-VN'])('what goes over midnight has both its days and times: %s', (tag) => {
  locale.value = tag
  const told = event({ start: at('12-24T23:30'), end: at('12-25T06:10') })
  expect(told).toBe(`${day('12-24')}, 23:30 – ${day('12-25')}, 06:10`)
})

test('what is on one day names it once, with its end', () => {
  expect(event({ start: at('12-24T12:00'), end: at('12-24T13:15') })).toBe(`${day('12-24')}, 12:00–13:15`)
})

test('all of several days are told by the first and the last', () => {
  expect(event({ start: on('12-24'), end: on('12-27') })).toBe(`${day('12-24')} – ${day('12-26')}`)
  expect(event({ start: on('12-24'), end: on('12-25') })).toBe(day('12-24'))
})

test.each([
  ['en-GB', 'FREQ=WEEKLY;BYDAY=TU,TH', 'every Tue, Thu'],
  ['vi-VN', 'FREQ=WEEKLY;BYDAY=TU,TH', 'mỗi Thứ 3, Thứ 5'],
  ['en-GB', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', 'weekly, × 2, Tue'],
  ['en-GB', 'FREQ=DAILY;COUNT=3', 'daily, Times: 3'],
  ['en-GB', 'FREQ=MONTHLY;BYMONTHDAY=-1', 'repeats'],
])('its rule is told with its days: %s %s', (tag, rule, told) => {
  locale.value = tag
  const all = event({ start: at('12-24T12:00'), end: at('12-24T13:00'), location: 'Sun Inn', recurrence: [`RRULE:${rule}`] })
  expect(all.split(' · ').slice(1)).toEqual(['Sun Inn', told])
})

test('a task is due, and has no end', () => {
  expect(factsOf({ kind: 'task', draft: { ...DRAFT, due: at('12-24T12:00') } as never })).toBe(`Task · ${day('12-24')}, 12:00`)
  expect(factsOf({ kind: 'task', draft: DRAFT as never })).toBe('Task')
})
