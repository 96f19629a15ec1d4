/** A rule as its form shows it, and what the API is told of it: pure, so that nothing typed is lost or made up. */
import type { Schemas } from '../../api/client'
import { filled, triggerText, type Channel, type Rule, type Trigger } from './text'
import { reminderWords } from './words'

export type RuleInput = Schemas['RuleInput']
export type Unit = 'minutes' | 'hours' | 'days'
/** What all day lasts has no time of day to count minutes from. */
export type Length = 'any' | 'allDay' | 'timed'

/** A time to ring: so long before the start, or by the clock some days before. What is typed stays as it was typed. */
export interface TriggerForm {
  by: Unit | 'clock'
  count: string
  daysBefore: string
  at: string
  channel: Channel
}

export interface RuleForm {
  name: string
  kind: 'any' | 'event' | 'task'
  length: Length
  calendarIds: readonly string[]
  categories: string
  words: string
  silent: boolean
  triggers: readonly TriggerForm[]
  enabled: boolean
}

const SIZES: Record<Unit, number> = { minutes: 1, hours: 60, days: 1440 }
const MAX_DAYS = 366
const MAX_NAME = 200
export const MAX_TRIGGERS = 20

export function freshTrigger(length: Length): TriggerForm {
  return { by: length === 'allDay' ? 'clock' : 'minutes', count: '30', daysBefore: '1', at: '18:00', channel: 'email' }
}

export function newForm(): RuleForm {
  return {
    name: '',
    kind: 'any',
    length: 'any',
    calendarIds: [],
    categories: '',
    words: '',
    silent: false,
    triggers: [freshTrigger('any')],
    enabled: true,
  }
}

export function formOfRule({ name, match, triggers, enabled }: Rule): RuleForm {
  return {
    name,
    kind: match.kind ?? 'any',
    length: match.allDay == null ? 'any' : match.allDay ? 'allDay' : 'timed',
    calendarIds: match.calendarId ?? [],
    categories: (match.categories ?? []).join(', '),
    words: (match.words ?? []).join(', '),
    silent: triggers.length === 0,
    triggers: triggers.map(formOfTrigger),
    enabled,
  }
}

function formOfTrigger({ minutesBefore, daysBefore, at, channel }: Trigger): TriggerForm {
  const fresh = { ...freshTrigger('any'), channel: channel === 'browser' ? 'browser' : 'email' } as const
  if (minutesBefore == null) return { ...fresh, by: 'clock', daysBefore: String(daysBefore ?? 0), at: at ?? '' }
  const by = minutesBefore && minutesBefore % SIZES.days === 0 ? 'days' : minutesBefore && minutesBefore % SIZES.hours === 0 ? 'hours' : 'minutes'
  return { ...fresh, by, count: String(minutesBefore / SIZES[by]) }
}

/** How a time counts in a rule for what lasts all day: only by the clock. */
export function waysOf(length: Length): readonly TriggerForm['by'][] {
  return length === 'allDay' ? ['clock'] : ['minutes', 'hours', 'days', 'clock']
}

/** For what lasts so long: times that have no meaning there become ones by the clock, and keep what was typed. */
export function withLength(form: RuleForm, length: Length): RuleForm {
  const ways = waysOf(length)
  return { ...form, length, triggers: form.triggers.map((each) => (ways.includes(each.by) ? each : { ...each, by: 'clock' as const })) }
}

/** The most that may be counted of a unit. */
export function mostOf(unit: Unit): number {
  return (MAX_DAYS * SIZES.days) / SIZES[unit]
}

function triggerOf({ by, count, daysBefore, at, channel }: TriggerForm): Trigger | null {
  if (by === 'clock') {
    const days = wholeOf(daysBefore, MAX_DAYS)
    return days === null || !at ? null : { channel, daysBefore: days, at: at.slice(0, 5) }
  }
  const counted = wholeOf(count, mostOf(by))
  return counted === null ? null : { channel, minutesBefore: counted * SIZES[by] }
}

function wholeOf(text: string, most: number): number | null {
  return /^\d+$/.test(text.trim()) && Number(text) <= most ? Number(text) : null
}

/** The words between the commas. */
export function listOf(text: string): string[] {
  return [...new Set(text.split(',').map((each) => each.trim()))].filter(Boolean)
}

/** What the API is told; null as long as something is missing. A rule that was not named is named by what it does. */
export function inputOf(form: RuleForm, calendars: ReadonlyMap<string, string>): RuleInput | null {
  const triggers = form.silent ? [] : form.triggers.map(triggerOf)
  if (triggers.includes(null) || (!form.silent && triggers.length === 0)) return null
  const match = {
    calendarId: [...form.calendarIds],
    categories: listOf(form.categories),
    words: listOf(form.words),
    allDay: { any: null, allDay: true, timed: false }[form.length],
    kind: form.kind,
  }
  const input = { match, triggers: triggers as Trigger[], enabled: form.enabled }
  const name = form.name.trim() || `${matchText(match, calendars)}: ${effectText(input.triggers)}`.slice(0, MAX_NAME)
  return { name, ...input }
}

/** What a rule is about: `Events, with “dentist”, in Work`. */
export function matchText(match: Rule['match'], calendars: ReadonlyMap<string, string>): string {
  const w = reminderWords.value
  const names = (match.calendarId ?? []).map((id) => calendars.get(id) ?? w.gone)
  const quoted = (list: readonly string[]) => list.map((each) => `“${each}”`).join(', ')
  const kind = { any: w.kindAny, event: w.kindEvent, task: w.kindTask }[match.kind ?? 'any']
  const parts = [
    kind,
    match.allDay == null ? '' : match.allDay ? w.lengthAllDay.toLowerCase() : w.lengthTimed.toLowerCase(),
    match.words?.length ? filled(w.inWords, { words: quoted(match.words) }) : '',
    match.categories?.length ? filled(w.inCategories, { words: quoted(match.categories) }) : '',
    names.length ? filled(w.inCalendars, { names: names.join(', ') }) : '',
  ]
  return parts.filter(Boolean).join(', ')
}

export function effectText(triggers: readonly Trigger[]): string {
  const texts = triggers.map(triggerText).map((text) => text.slice(0, 1).toLowerCase() + text.slice(1))
  return texts.length ? texts.join(', ') : reminderWords.value.silences
}
