/** A schedule as its form shows it, and as the API takes it: pure functions. */
import type { Schemas } from '../../api/client'

export type Schedule = Schemas['ScheduleResource']
export const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Day = (typeof DAYS)[number]

/** `to` of `00:00` is the end of the day, as a time field can show it. */
export interface Span {
  from: string
  to: string
}

/** The hours of one date instead of its weekday's; none: a day off. */
export interface Special {
  date: string
  hours: readonly Span[]
}

export interface Form {
  name: string
  timeZone: string
  week: Readonly<Record<Day, readonly Span[]>>
  specials: readonly Special[]
  /** None: all calendars. */
  busy: readonly string[]
  slotMinutes: number
  bufferBefore: number
  bufferAfter: number
  minimumNotice: number
  horizonDays: number
  slug: string
}

const MIDNIGHT = '00:00'
const END = '24:00'

function shownSpan({ from, to }: Span): Span {
  return { from, to: to === END ? MIDNIGHT : to }
}

function sentSpan({ from, to }: Span): Span {
  return { from, to: to === MIDNIGHT ? END : to }
}

export function formOf(schedule: Schedule): Form {
  const spansOf = (day: Day) => schedule.weekly.filter((each) => each.days.includes(day)).map(shownSpan)
  return {
    name: schedule.name,
    timeZone: schedule.timeZone,
    week: Object.fromEntries(DAYS.map((day) => [day, sorted(spansOf(day))])) as Record<Day, Span[]>,
    specials: schedule.overrides.map(({ date, hours }) => ({ date, hours: (hours ?? []).map(shownSpan) })),
    busy: schedule.busyCalendarIds,
    slotMinutes: schedule.slotMinutes,
    bufferBefore: schedule.bufferBefore,
    bufferAfter: schedule.bufferAfter,
    minimumNotice: schedule.minimumNotice,
    horizonDays: schedule.horizonDays,
    slug: schedule.slug ?? '',
  }
}

function sorted(spans: readonly Span[]): Span[] {
  return [...spans].sort((one, other) => one.from.localeCompare(other.from))
}

/** What the API is told: days that have the same hours stand together. */
export function inputOf(form: Form) {
  const byHours = new Map<string, Day[]>()
  for (const day of DAYS) {
    for (const span of form.week[day].map(sentSpan)) {
      const key = `${span.from} ${span.to}`
      byHours.set(key, [...(byHours.get(key) ?? []), day])
    }
  }
  const weekly = [...byHours].map(([key, days]) => ({ days, from: key.slice(0, 5), to: key.slice(6) }))
  return {
    name: form.name.trim(),
    timeZone: form.timeZone,
    weekly,
    overrides: [...form.specials]
      .sort((one, other) => one.date.localeCompare(other.date))
      .map(({ date, hours }) => ({ date, hours: hours.map(sentSpan) })),
    busyCalendarIds: [...form.busy],
    slotMinutes: form.slotMinutes,
    bufferBefore: form.bufferBefore,
    bufferAfter: form.bufferAfter,
    minimumNotice: form.minimumNotice,
    horizonDays: form.horizonDays,
    slug: form.slug.trim() || null,
  }
}

export type Wrong = 'backwards' | 'overlap' | null

/** What is wrong with the hours of a day. */
export function wrongWith(spans: readonly Span[]): Wrong {
  const sent = sorted(spans.map(sentSpan))
  if (sent.some(({ from, to }) => !from || !to || to <= from)) return 'backwards'
  return sent.some(({ from }, index) => index > 0 && from < sent[index - 1]!.to) ? 'overlap' : null
}

export function isSound(form: Form): boolean {
  const days = [...DAYS.map((day) => form.week[day]), ...form.specials.map(({ hours }) => hours)]
  const dates = form.specials.map(({ date }) => date)
  return days.every((spans) => wrongWith(spans) === null) && dates.every(Boolean) && new Set(dates).size === dates.length
}

/** Hours that somebody may want to add to a day: after its last ones, as far as the day goes. */
export function nextSpan(spans: readonly Span[]): Span {
  const last = sorted(spans.map(sentSpan)).at(-1)
  if (!last) return { from: '09:00', to: '17:00' }
  const hour = Math.min(22, Number(last.to.slice(0, 2)) + 1)
  const clock = (value: number) => `${String(value).padStart(2, '0')}:00`
  return { from: clock(hour), to: clock((hour + 2) % 24) }
}

/** The week with the hours of one day on others too. */
export function copied(week: Form['week'], from: Day, to: readonly Day[]): Form['week'] {
  return { ...week, ...Object.fromEntries(to.map((day) => [day, week[from]])) }
}

/** A name as the address of a page: small letters, digits and hyphens. */
export function slugOf(name: string): string {
  const plain = name.replaceAll(/[đĐ]/g, 'd').normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return plain.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 60)
}
