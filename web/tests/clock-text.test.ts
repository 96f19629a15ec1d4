import { expect, test } from 'vitest'
import { locale } from '../src/i18n'
import { ownClockText } from '../src/editor/tell'
import { briefText, rangeText, timeText } from '../src/views/event-text'

const at = (dateTime: string, timeZone: string) => ({ dateTime, timeZone })
const EARLY = { start: at('2026-11-24T04:00:00', 'Europe/Berlin'), end: at('2026-11-24T05:00:00', 'Europe/Berlin') }
/** Some write other spaces and dashes than others. */
const plain = (text: string) => text.replaceAll(/[\u202f\u00a0\u2009]/g, ' ')

test.each(['en-GB', 'vi-VN', 'de-DE', 'es-ES', 'fr-FR', 'cs-CZ'])('where a day has 24 hours each of them has two digits: %s', (tag) => {
  locale.value = tag
  expect(timeText(300)).toBe('05:00')
  expect(briefText(300)).toBe('05:00')
  expect(timeText(0)).toBe('00:00')
  expect(rangeText(240, 255)).toBe('04:00–04:15')
  expect(rangeText(1410, 30)).toBe('23:30–00:30')
  expect(ownClockText(EARLY, 'Asia/Ho_Chi_Minh')).toBe('04:00–05:00 Europe/Berlin')
})

test('where it has twice twelve, they are as the language writes them', () => {
  locale.value = 'en-US'
  expect(plain(timeText(300))).toBe('5:00 AM')
  expect(plain(rangeText(240, 255))).toBe('4:00 – 4:15 AM')
  expect(plain(briefText(300))).toBe('5 AM')
})
