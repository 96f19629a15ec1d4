import { expect, test } from 'vitest'
import { ownClockText } from '../src/editor/tell'

const at = (dateTime: string, timeZone: string) => ({ dateTime, timeZone })
const flight = { start: at('2026-11-24T10:00:00', 'Europe/Berlin'), end: at('2026-11-24T13:00:00', 'America/New_York') }
const review = { start: at('2026-11-24T10:00:00', 'Europe/Berlin'), end: at('2026-11-24T11:00:00', 'Europe/Berlin') }
const told = (event: typeof flight, reader: string) => ownClockText(event, reader).replaceAll(/[\u202f\u2009]/g, ' ')

test('the clocks of an event are told where they are not those of its reader', () => {
  expect(told(review, 'Europe/Berlin')).toBe('')
  expect(told(review, 'Asia/Ho_Chi_Minh')).toMatch(/^10:00.* – 11:00.* Europe\/Berlin$/)
  expect(told(flight, 'Europe/Berlin')).toMatch(/^10:00.* Europe\/Berlin – (1:00 PM|13:00) America\/New York$/)
  expect(ownClockText({ start: { date: '2026-11-24' }, end: { date: '2026-11-25' } } as never, 'Europe/Berlin')).toBe('')
})
