import { describe, expect, test } from 'vitest'
import { copied, formOf, inputOf, isSound, nextSpan, slugOf, wrongWith, type Schedule } from '../src/sections/schedules/form'
import { gathered } from '../src/sections/schedules/gathered'
import { freeTime, USUAL, weekOf } from '../src/working-hours'

const schedule = {
  id: 's1', name: 'Talk', timeZone: 'Asia/Ho_Chi_Minh',
  weekly: [
    { days: ['MO', 'TU'], from: '13:00', to: '17:00' },
    { days: ['MO', 'TU', 'SU'], from: '09:00', to: '12:00' },
    { days: ['SA'], from: '20:00', to: '24:00' },
  ],
  overrides: [{ date: '2026-12-24', hours: [] }],
  busyCalendarIds: [], slotMinutes: 30, bufferBefore: 0, bufferAfter: 10, minimumNotice: 240, horizonDays: 60, slug: null,
} as unknown as Schedule

describe('a schedule as a form', () => {
  test('a day has its hours in order, and the end of the day is one that a time field can show', () => {
    const { week } = formOf(schedule)
    expect(week.MO).toEqual([{ from: '09:00', to: '12:00' }, { from: '13:00', to: '17:00' }])
    expect(week.SA).toEqual([{ from: '20:00', to: '00:00' }])
    expect(week.WE).toEqual([])
  })

  test('is sent as it was read where nothing was changed', () => {
    const sent = inputOf(formOf(schedule))
    expect(sent.weekly).toContainEqual({ days: ['MO', 'TU', 'SU'], from: '09:00', to: '12:00' })
    expect(sent.weekly).toContainEqual({ days: ['SA'], from: '20:00', to: '24:00' })
    expect(formOf({ ...schedule, ...sent } as Schedule)).toEqual(formOf(schedule))
  })

  test('hours that end before they begin or overlap are told, those up to midnight are fine', () => {
    expect(wrongWith([{ from: '09:00', to: '09:00' }])).toBe('backwards')
    expect(wrongWith([{ from: '13:00', to: '15:00' }, { from: '09:00', to: '13:30' }])).toBe('overlap')
    expect(wrongWith([{ from: '09:00', to: '13:00' }, { from: '13:00', to: '00:00' }])).toBeNull()
  })

  test('a date that stands twice is not taken', () => {
    const form = formOf(schedule)
    expect(isSound(form)).toBe(true)
    expect(isSound({ ...form, specials: [...form.specials, { date: '2026-12-24', hours: [] }] })).toBe(false)
  })

  test('the hours of a day are copied to others', () => {
    expect(copied(formOf(schedule).week, 'MO', ['WE', 'SA'])).toMatchObject({ WE: formOf(schedule).week.MO, SA: formOf(schedule).week.MO, SU: [{ from: '09:00', to: '12:00' }] })
  })

  test('more hours begin after the last ones', () => {
    expect(nextSpan([])).toEqual({ from: '09:00', to: '17:00' })
    expect(nextSpan([{ from: '09:00', to: '12:00' }])).toEqual({ from: '13:00', to: '15:00' })
    expect(wrongWith([nextSpan([{ from: '09:00', to: '21:30' }])])).toBeNull()
  })

  test('a name becomes an address, also a Vietnamese one', () => {
    expect(slugOf('Nói chuyện với Đặng, 30 phút!')).toBe('noi-chuyen-voi-dang-30-phut')
  })
})

test('refused slots with one reason are one line, free ones stand each by itself', () => {
  const slots = ['09:00', '09:30', '10:00', '10:30', '11:00'].map((local, index) => ({ local, refusal: index < 2 ? ('busy' as const) : index === 4 ? ('buffer' as const) : null }))
  expect(gathered(slots).map(({ first, last, count, refusal }) => [first, last, count, refusal])).toEqual([
    ['09:00', '09:30', 2, 'busy'],
    ['10:00', '10:00', 1, null],
    ['10:30', '10:30', 1, null],
    ['11:00', '11:00', 1, 'buffer'],
  ])
})

describe('working hours', () => {
  test('are those of an office, and outside of them is free time', () => {
    expect(freeTime(USUAL[1]!)).toEqual([{ from: 0, to: 540 }, { from: 1080, to: 1440 }])
    expect(freeTime(USUAL[0]!)).toEqual([{ from: 0, to: 1440 }])
  })

  test('of a schedule are its own, with the pauses', () => {
    const week = weekOf(schedule.weekly)
    expect(freeTime(week[1]!)).toEqual([{ from: 0, to: 540 }, { from: 720, to: 780 }, { from: 1020, to: 1440 }])
    expect(freeTime(week[6]!)).toEqual([{ from: 0, to: 1200 }])
  })
})
