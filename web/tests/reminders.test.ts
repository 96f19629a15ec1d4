import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { locale } from '../src/i18n'
import { formOfRule, freshTrigger, inputOf, listOf, matchText, newForm, withLength, type RuleForm } from '../src/sections/reminders/rule'
import { byDay, dayText, outcomeText, reasonText, startOf, triggerText, whyText, type Reminder, type Rule } from '../src/sections/reminders/text'
import { ensureTemporal } from '../src/time'

const ZONE = 'Asia/Ho_Chi_Minh'
const RULE: Rule = {
  id: 'r',
  name: 'Doctors',
  match: { calendarId: ['c'], categories: ['health'], words: ['dentist', 'doctor'], allDay: false, kind: 'event' },
  triggers: [
    { channel: 'email', minutesBefore: 120 },
    { channel: 'browser', daysBefore: 1, at: '18:00' },
  ],
  enabled: true,
  etag: 'e',
}
const CALENDARS = new Map([['c', 'Work']])

function reminder(fields: Partial<Reminder>): Reminder {
  return {
    id: 'x', eventId: 'e', recurrenceId: null, ruleId: null, cause: 'default', trigger: { channel: 'email', minutesBefore: 30 },
    channel: 'email', due: '2026-11-23T02:00:00Z', movedFrom: null, status: 'planned', attempts: 0, sentAt: null, error: null,
    snoozedUntil: null, text: 'Review', etag: 'e', ...fields,
  }
}

beforeAll(ensureTemporal)

beforeEach(() => {
  locale.value = 'en-GB'
})

describe('why a reminder rings', () => {
  it('names the rule, how long before, and when it starts', () => {
    const rung = reminder({ cause: 'rule', ruleId: 'r', trigger: { channel: 'email', minutesBefore: 120 } })
    expect(whyText(rung, new Map([['r', RULE]]), ZONE)).toEqual(['2 hours before', 'starts 11:00', 'Rule “Doctors”'])
  })

  it('says it of the event’s own, of a snooze and of a rule that is gone', () => {
    const own = reminder({ cause: 'own', trigger: { channel: 'email', daysBefore: 1, at: '18:00' } })
    expect(whyText(own, new Map(), ZONE)).toEqual(['The day before at 18:00', 'Set for this alone'])
    expect(whyText(reminder({ cause: 'snooze', trigger: null }), new Map(), ZONE)).toEqual(['You snoozed it'])
    expect(whyText(reminder({ cause: 'rule', ruleId: 'gone' }), new Map(), ZONE)).toContain('A rule that is no longer there')
  })

  it('tells what quiet hours moved, and counts from when it was to ring', () => {
    const held = reminder({ due: '2026-11-23T00:00:00Z', movedFrom: '2026-11-22T22:45:00Z' })
    expect(startOf(held, ZONE)).toBe('2026-11-23T06:15:00')
    expect(whyText(held, new Map(), ZONE)).toContain('Quiet hours moved it from 05:45')
  })

  it('is said in Vietnamese', () => {
    locale.value = 'vi'
    expect(triggerText({ minutesBefore: 120 })).toBe('Trước 2 giờ')
    expect(triggerText({ daysBefore: 0, at: '08:00' })).toContain('Trong ngày')
  })
})

describe('what became of a reminder', () => {
  it('is a word with its reason', () => {
    const failed = reminder({ status: 'failed', error: '550 no such mailbox', attempts: 2 })
    expect(outcomeText(failed, ZONE)).toEqual({ word: 'Failed', tells: ['The mail server said: 550 no such mailbox', '2 tries'] })
    expect(reasonText('Missed: the event was over before it could ring.')).toBe('It was over before it could ring.')
    expect(reasonText(null)).toBe('')
  })

  it('tells when it was late, and not when it was not', () => {
    expect(outcomeText(reminder({ status: 'sent', sentAt: '2026-11-23T02:00:01.1Z' }), ZONE).tells).toEqual([])
    expect(outcomeText(reminder({ status: 'sent', sentAt: '2026-11-23T02:20:00.0Z' }), ZONE).tells).toEqual(['Delivered at 09:20'])
  })

  it('stands under the day on which it rings here', () => {
    const late = reminder({ id: 'y', due: '2026-11-23T17:30:00Z' })
    expect(byDay([reminder({}), late], ZONE).map(([day]) => day)).toEqual(['2026-11-23', '2026-11-24'])
    expect(dayText('2026-11-24', '2026-11-23')).toBe('Tomorrow')
  })
})

describe('the form of a rule', () => {
  it('gives back the rule that it shows', () => {
    const { id: _id, etag: _etag, ...input } = RULE
    expect(inputOf(formOfRule(RULE), CALENDARS)).toEqual(input)
  })

  it('asks for nothing as long as a time is missing or wrong', () => {
    const without = (part: object): RuleForm => ({ ...newForm(), triggers: [{ ...freshTrigger('any'), ...part }] })
    for (const part of [{ count: '' }, { count: '-1' }, { count: '1.5' }, { count: '527041' }, { by: 'clock', at: '' }]) {
      expect(inputOf(without(part), CALENDARS)).toBeNull()
    }
    expect(inputOf({ ...newForm(), triggers: [] }, CALENDARS)).toBeNull()
  })

  it('of what lasts all day counts by the clock and keeps what was typed', () => {
    const form = withLength({ ...newForm(), triggers: [{ ...freshTrigger('any'), count: '45' }] }, 'allDay')
    expect(inputOf(form, CALENDARS)?.triggers).toEqual([{ channel: 'email', daysBefore: 1, at: '18:00' }])
    expect(form.triggers[0]?.count).toBe('45')
  })

  it('names a rule without a name by what it does', () => {
    expect(inputOf({ ...newForm(), words: 'dentist' }, CALENDARS)?.name).toBe('Events and tasks, with “dentist”: 30 minutes before')
    expect(inputOf({ ...newForm(), silent: true }, CALENDARS)?.triggers).toEqual([])
    expect(matchText(RULE.match, CALENDARS)).toBe('Events, at a time of day, with “dentist”, “doctor”, in category “health”, in Work')
  })

  it('takes words with commas between', () => {
    expect(listOf(' a b, ,c,c ')).toEqual(['a b', 'c'])
  })
})
