import { expect, test } from 'vitest'
import { nameIn, noteOf } from '../src/sections/import/importing'

test('a new calendar is called as its text says, else as its file', () => {
  expect(nameIn('BEGIN:VCALENDAR\r\nX-WR-CALNAME:Football\\, juniors\r\nEND:VCALENDAR', 'a.ics')).toBe('Football, juniors')
  expect(nameIn('BEGIN:VCALENDAR', 'Old calendar.ics')).toBe('Old calendar')
  expect(nameIn('', '')).toBe('')
})

test('a refusal names the line, what stands there and why it is not taken', () => {
  expect(noteOf({ pointer: 'line 12', detail: 'DTSTART: 12:61 is no time' })).toEqual({ line: 12, severity: 'error', what: 'DTSTART', why: '12:61 is no time' })
  expect(noteOf({ pointer: '?calendarId', detail: 'There is none' })).toEqual({ line: 0, severity: 'error', what: '', why: 'There is none' })
})
