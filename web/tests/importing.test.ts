import { expect, test } from 'vitest'
import { locale } from '../src/i18n'
import { nameIn, noteOf } from '../src/sections/import/importing'
import { reasonText } from '../src/sections/import/reasons'

test('a new calendar is called as its text says, else as its file', () => {
  expect(nameIn('BEGIN:VCALENDAR\r\nX-WR-CALNAME:Football\\, juniors\r\nEND:VCALENDAR', 'a.ics')).toBe('Football, juniors')
  expect(nameIn('BEGIN:VCALENDAR', 'Old calendar.ics')).toBe('Old calendar')
  expect(nameIn('', '')).toBe('')
})

test('a refusal names the line, what stands there and why it is not taken', () => {
  expect(noteOf({ pointer: 'line 12', detail: 'DTSTART: 12:61 is no time' })).toEqual({ line: 12, severity: 'error', what: 'DTSTART', why: '12:61 is no time' })
  expect(noteOf({ pointer: '?calendarId', detail: 'There is none' })).toEqual({ line: 0, severity: 'error', what: '', why: 'There is none' })
})

test('the reason of a line is told in the language of its reader, with what it quotes', () => {
  const told = "'20260230T090000' is not a day of the calendar."
  locale.value = 'en-GB'
  expect(reasonText(told)).toBe(told)
  locale.value = 'vi'
  expect(reasonText(told)).toBe("'20260230T090000' không phải là một ngày có thật.")
  expect(reasonText("It cannot be followed and is passed over: '1 hour' is not a duration like P1D, PT1H30M or -PT15M.")).toBe(
    "Không làm theo được nên được bỏ qua: '1 hour' không phải là khoảng thời gian như P1D, PT1H30M hay -PT15M.",
  )
  expect(reasonText('Something that nobody has put into words yet.')).toBe('Something that nobody has put into words yet.')
  locale.value = 'en'
})
