import { afterEach, expect, test } from 'vitest'
import { counted, locale } from '../src/i18n'
import { plural } from '../src/i18n/plural'

const hours = plural('{count} hour before', '{count} hours before')

afterEach(() => {
  locale.value = 'en-GB'
})

test('one is said as one, and none and more as many', () => {
  locale.value = 'en-GB'
  expect([0, 1, 2, 1200].map((count) => counted(hours, count))).toEqual(['0 hours before', '1 hour before', '2 hours before', '1,200 hours before'])
})

test('a reader of another language gets the forms of the words that he reads', () => {
  locale.value = 'fr-FR'
  expect(counted(hours, 0)).toBe('0 hours before')
})

test('a language with one form says it once', () => {
  locale.value = 'vi-VN'
  expect(counted(plural('{count} giờ trước'), 1)).toBe('1 giờ trước')
})
