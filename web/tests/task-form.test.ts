import { beforeAll, describe, expect, test } from 'vitest'
import type { Task } from '../src/api/client'
import { freshRepeat } from '../src/editor/recurrence'
import { changesOf, formOf, levelOf, merged, priorityOf, withTime } from '../src/sections/tasks/form'
import { ensureTemporal } from '../src/time'

beforeAll(ensureTemporal)

const HOME = 'Asia/Ho_Chi_Minh'

function task(parts: Partial<Task> = {}): Task {
  return {
    id: 't1', calendarId: 'c1', summary: 'Pay the rent', description: '', due: { date: '2026-12-01' }, start: null,
    recurrence: [], reminders: { useDefault: true, overrides: [] }, priority: 0, ...parts,
  } as Task
}
const formed = (parts: Partial<Task> = {}) => formOf(task(parts), HOME)

describe('what is sent of a task', () => {
  test('nothing when nothing was changed, whatever clock its time is on', () => {
    const times = [{ dateTime: '2026-12-01T09:00:00', timeZone: 'Europe/Berlin' }, { dateTime: '2026-12-01T09:00:00' }, { dateTime: '2026-12-01T02:00:00Z' }, null]
    for (const due of times) {
      const form = formed({ due: due as Task['due'], recurrence: ['RRULE:FREQ=MONTHLY'] })
      expect(changesOf(form, { ...form })).toEqual({})
    }
  })

  test('only what was changed', () => {
    const form = formed()
    expect(changesOf(form, { ...form, priority: 1 })).toEqual({ priority: 1 })
  })

  test('a time on the clock of the task, and in no zone where it had none', () => {
    const berlin = formed({ due: { dateTime: '2026-12-01T09:00:00', timeZone: 'Europe/Berlin' } as Task['due'] })
    expect(berlin.time).toBe('09:00')
    expect(changesOf(berlin, withTime(berlin, '11:00')).due).toEqual({ dateTime: '2026-12-01T11:00:00', timeZone: 'Europe/Berlin' })
    const floating = formed({ due: { dateTime: '2026-12-01T09:00:00' } as Task['due'] })
    expect(changesOf(floating, withTime(floating, '11:00')).due).toEqual({ dateTime: '2026-12-01T11:00:00' })
  })

  test('what is never due does not repeat either', () => {
    const form = { ...formed({ recurrence: ['RRULE:FREQ=MONTHLY'] }) }
    expect(changesOf(form, { ...form, day: '' })).toEqual({ due: null, start: null, recurrence: [] })
  })

  test('a rule that cannot be shown is kept', () => {
    const form = formed({ recurrence: ['RRULE:FREQ=MONTHLY;BYSETPOS=1;BYDAY=MO,TU'] })
    expect(form.kept).not.toBeNull()
    expect(changesOf(form, { ...form, summary: 'Rent' })).toEqual({ summary: 'Rent' })
  })

  test('a new rule', () => {
    const form = formed()
    expect(changesOf(form, { ...form, repeat: freshRepeat('MONTHLY', form.day) })).toEqual({ recurrence: ['RRULE:FREQ=MONTHLY'] })
  })
})

test('what only they changed stays theirs when mine is kept', () => {
  const before = formed()
  const [mine, theirs] = [{ ...before, summary: 'Rent!' }, { ...before, summary: 'The rent', priority: 1 }]
  expect(merged(before, mine, theirs)).toEqual({ ...before, summary: 'Rent!', priority: 1 })
})

test('without a time of day a reminder rings on a morning', () => {
  const form = formed({ due: { dateTime: '2026-12-01T09:00:00', timeZone: HOME } as Task['due'], reminders: { useDefault: false, overrides: [{ channel: 'email', minutesBefore: 90 }] } as Task['reminders'] })
  expect(withTime(form, '').reminders).toEqual([{ channel: 'email', daysBefore: 1, at: '09:00' }])
})

test('a priority between the levels is shown at the nearest, and each level leads back to itself', () => {
  expect([0, 1, 3, 5, 7, 9].map(levelOf)).toEqual(['none', 'high', 'high', 'medium', 'low', 'low'])
  for (const level of ['none', 'low', 'medium', 'high'] as const) expect(levelOf(priorityOf(level))).toBe(level)
})
