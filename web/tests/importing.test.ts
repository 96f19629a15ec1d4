import { afterEach, expect, test, vi } from 'vitest'
import { locale } from '../src/i18n'
import { nameIn, noteOf, packed } from '../src/sections/import/importing'
import { reasonText } from '../src/sections/import/reasons'

afterEach(() => vi.unstubAllGlobals())

test('a text is sent packed, byte for byte, and as it is where the browser cannot pack', async () => {
  const bytes = new Uint8Array([0x53, 0xe9, 0xff, 0x00])
  const sent = await packed(new Blob([bytes]))
  expect(sent.type).toBe('application/gzip')
  const read = new Response(sent.stream().pipeThrough(new DecompressionStream('gzip')))
  expect(new Uint8Array(await read.arrayBuffer())).toEqual(bytes)
  expect((await packed(new Blob(['x'.repeat(1_000_000)]))).size).toBeLessThan(10_000)
  vi.stubGlobal('CompressionStream', undefined)
  const whole = await packed(new Blob([bytes]))
  expect([whole.type, new Uint8Array(await whole.arrayBuffer())]).toEqual(['text/calendar', bytes])
})

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
