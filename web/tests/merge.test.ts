import { expect, test } from 'vitest'
import { fits, overlaid } from '../src/merge'

const base = { locale: 'en', timeZone: 'UTC', agenda: { enabled: false, at: '06:00', days: ['MO'] } }

test('what only they changed stays, what was changed here counts', () => {
  const mine = { ...base, locale: 'vi', agenda: { ...base.agenda, enabled: true } }
  const theirs = { ...base, timeZone: 'Asia/Tokyo', agenda: { ...base.agenda, at: '07:00' } }
  expect(fits(base, mine, theirs)).toBe(true)
  const both = { locale: 'vi', timeZone: 'Asia/Tokyo', agenda: { enabled: true, at: '07:00', days: ['MO'] } }
  expect(overlaid(base, mine, theirs)).toEqual(both)
})

test('the same field changed twice has to be chosen, unless it was changed to the same', () => {
  const changed = (at: string) => ({ ...base, agenda: { ...base.agenda, at } })
  expect(fits(base, changed('08:00'), changed('07:00'))).toBe(false)
  expect(fits(base, changed('08:00'), changed('08:00'))).toBe(true)
  expect(overlaid(base, changed('08:00'), changed('07:00')).agenda.at).toBe('08:00')
})

test('hours that were taken away there and changed here have to be chosen', () => {
  const quiet = (hours: { from: string; to: string } | null) => ({ quietHours: hours })
  const was = quiet({ from: '22:00', to: '07:00' })
  const mine = quiet({ from: '23:00', to: '07:00' })
  expect(fits(was, mine, quiet(null))).toBe(false)
  expect(overlaid(was, mine, quiet(null))).toEqual(mine)
})
