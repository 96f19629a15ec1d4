import { expect, test } from 'vitest'
import { localeOf } from '../src/i18n'
import { formatOf } from '../src/i18n/format'

test('English is written as in the country that the browser names', () => {
  expect(localeOf('en', ['de-DE', 'en-GB', 'en-US'])).toBe('en-GB')
  expect(localeOf('vi', ['en-GB', 'vi-VN'])).toBe('vi-VN')
  expect(localeOf('en', ['de-DE', 'en'])).toBe('en')
  expect(localeOf('vi', ['en-US'])).toBe('vi')
  expect(localeOf('en-AU', ['en-GB'])).toBe('en-AU')
})

test('a British reader has the day first and 24 hours', () => {
  const afternoon = new Date('2027-03-04T15:30:00Z')
  expect(formatOf('en-GB', { day: 'numeric', month: 'short' }).format(afternoon)).toBe('4 Mar')
  expect(formatOf('en-GB', { hour: 'numeric', minute: '2-digit' }).format(afternoon)).toBe('15:30')
})
