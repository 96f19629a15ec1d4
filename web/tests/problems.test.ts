import { afterEach, expect, test } from 'vitest'
import { ProblemError } from '../src/api/client'
import { en } from '../src/i18n/en'
import { vi } from '../src/i18n/vi'
import { locale } from '../src/i18n'
import { textAt, textOf } from '../src/state/problems'

afterEach(() => void (locale.value = 'en'))

const problem = (status: number, detail = 'API words', errors: { pointer: string; detail: string }[] = []) => new ProblemError(status, '', detail, errors)
const OUR_OWN = [403, 404, 412, 429, 500, 502, 503]
const PARTICULAR = [409, 413, 422]

test('what has one cause is said in our own words, in both languages', () => {
  for (const status of OUR_OWN) expect(textOf(problem(status))).not.toContain('API words')
  locale.value = 'vi'
  for (const status of [...OUR_OWN, ...PARTICULAR]) expect(textOf(problem(status))).not.toContain('API words')
  expect(textOf(problem(412))).toBe(vi.changedElsewhere)
})

test('in English what the server says of this very case is kept', () => {
  for (const status of PARTICULAR) expect(textOf(problem(status, 'A calendar holds 10,000 events.'))).toBe('A calendar holds 10,000 events.')
  expect(textOf(problem(422, 'no', [{ pointer: '/end', detail: 'Ends before it starts.' }]))).toBe('Ends before it starts.')
})

test('in Vietnamese the field is named', () => {
  const errors = [{ pointer: '/attendees/0/email', detail: 'No address.' }]
  locale.value = 'vi'
  expect(textOf(problem(422, 'no', errors))).toContain(vi.guests)
  expect(textAt(errors[0]!)).not.toContain('No address')
  expect(textAt({ pointer: '/unheard', detail: 'Strange.' })).not.toContain('Strange')
})

test('what nobody has thought of did not work', () => {
  expect(textOf(problem(418))).toBe(en.failed)
})
