/** What the editor shows of an event, and what of it to send: pure functions, so that nothing typed is lost or made up. */
import type { EventInput, EventResource, Schemas } from '../api/client'
import type { Draft } from '../state/open'
import type { ShownEvent } from '../state/events'
import { addDays, addMinutes, dayOf, daysBetween, floats, minutesBetween, rezoned, wallIn } from '../time'
import { readRepeat, writeRepeat, type Repeat } from './recurrence'
import { isRemoval } from './series'

type Reminder = Schemas['ReminderOverride']

/** Wall times are in `zone`, and the end's in `endZone`; `endDay` of an all-day event is its last day. */
export interface Form {
  summary: string
  allDay: boolean
  startDay: string
  startTime: string
  endDay: string
  endTime: string
  zone: string
  endZone: string
  calendarId: string
  location: string
  description: string
  url: string
  /** As they are written: with commas between them. */
  categories: string
  /** null: never; `kept`: a rule that this form cannot show, left as it is. */
  repeat: Repeat | null
  kept: readonly string[] | null
  /** Lines of days that were taken out, which stay beside any rule. */
  removed: readonly string[]
  useDefault: boolean
  reminders: readonly Reminder[]
  guests: readonly string[]
  /** An address that is being written. */
  guest: string
  /** Empty: that of its calendar. */
  color: string
  transparency: 'OPAQUE' | 'TRANSPARENT'
  visibility: 'DEFAULT' | 'PUBLIC' | 'PRIVATE' | 'CONFIDENTIAL'
}

const DEFAULT_MINUTES = 60
const EIGHT = '08:00'

export function formOfDraft(draft: Draft, zone: string, calendarId: string): Form {
  return {
    summary: draft.summary ?? '',
    ...times(draft.start, draft.end, draft.allDay),
    zone,
    endZone: zone,
    calendarId,
    location: '',
    description: '',
    url: '',
    categories: '',
    repeat: null,
    kept: null,
    removed: [],
    useDefault: true,
    reminders: [],
    guests: [],
    guest: '',
    color: '',
    transparency: 'OPAQUE',
    visibility: 'DEFAULT',
  }
}

export function formOfEvent({ event, allDay }: ShownEvent, lines: readonly string[], home: string): Form {
  const zone = event.start.timeZone ?? home
  const endZone = event.end.timeZone ?? zone
  const own = { start: wallIn(event.start, zone), end: wallIn(event.end, endZone) }
  const removed = lines.filter(isRemoval)
  const repeat = readRepeat(lines.filter((line) => !isRemoval(line)), own.start, zone)
  return {
    summary: event.summary,
    ...times(own.start, own.end, allDay),
    zone,
    endZone,
    calendarId: event.calendarId,
    location: event.location,
    description: event.description,
    url: event.url ?? '',
    categories: (event.categories ?? []).join(', '),
    repeat,
    kept: lines.length && !repeat ? lines : null,
    removed: repeat ? removed : [],
    useDefault: event.reminders.useDefault ?? true,
    reminders: event.reminders.overrides ?? [],
    guests: event.attendees.map((each) => each.email),
    guest: '',
    color: event.color ?? '',
    transparency: (event.transparency ?? 'OPAQUE') as Form['transparency'],
    visibility: (event.visibility ?? 'DEFAULT') as Form['visibility'],
  }
}

function times(start: string, end: string, allDay: boolean) {
  const startDay = dayOf(start)
  if (allDay) return { allDay, startDay, endDay: addDays(end, -1), startTime: '09:00', endTime: '10:00' }
  return { allDay, startDay, endDay: dayOf(end), startTime: start.slice(11, 16), endTime: end.slice(11, 16) }
}

/** The form with another start: what follows it keeps its distance, in truth where it ends by another clock. */
export function withStart(form: Form, day: string, time: string): Form {
  if (!day || !time) return { ...form, startDay: day, startTime: time }
  if (form.allDay) return { ...form, startDay: day, endDay: addDays(day, Math.max(0, daysBetween(form.startDay, form.endDay))) }
  const length = lengthOf(form)
  const counted = addMinutes(rezoned(`${day}T${time}`, form.zone, clockOf(form)), length > 0 ? length : DEFAULT_MINUTES)
  const end = rezoned(counted, clockOf(form), form.endZone)
  return { ...form, startDay: day, startTime: time, endDay: dayOf(end), endTime: end.slice(11, 16) }
}

/** The clock by which its length is counted: its own, and where it ends by another than it starts, one that never changes. */
function clockOf(form: Form): string {
  return form.zone === form.endZone ? form.zone : 'UTC'
}

/** In minutes; 0 as long as that cannot be told. */
function lengthOf(form: Form): number {
  if (!form.startDay || !form.startTime || !form.endDay || !form.endTime) return 0
  const [start, end] = [`${form.startDay}T${form.startTime}`, `${form.endDay}T${form.endTime}`]
  return minutesBetween(rezoned(start, form.zone, clockOf(form)), rezoned(end, form.endZone, clockOf(form)))
}

/** The form as that of an all-day event, or not: days have no minutes before them. */
export function withAllDay(form: Form, allDay: boolean): Form {
  if (!allDay) return { ...form, allDay }
  const ofDays = ({ minutesBefore, ...rest }: Reminder): Reminder =>
    minutesBefore == null ? rest : { ...rest, daysBefore: Math.ceil(minutesBefore / 1440), at: EIGHT }
  return { ...form, allDay, reminders: form.reminders.map(ofDays) }
}

/** Whether it ends before it starts. */
export function endsEarly(form: Form): boolean {
  if (form.allDay) return form.endDay < form.startDay
  return lengthOf(form) < 0
}

export function startOf(form: Form): string {
  return form.allDay ? form.startDay : `${form.startDay}T${form.startTime}:00`
}

/** What the API is told of the form. */
export function inputOf(form: Form): EventInput & { summary: string } {
  const start = startOf(form)
  const end = form.allDay ? addDays(form.endDay, 1) : `${form.endDay}T${form.endTime}:00`
  return {
    summary: form.summary.trim(),
    start: form.allDay ? { date: start } : { dateTime: start, timeZone: form.zone },
    end: form.allDay ? { date: end } : { dateTime: end, timeZone: form.endZone },
    calendarId: form.calendarId,
    location: form.location.trim(),
    description: form.description,
    url: form.url.trim() || null,
    categories: [...new Set(form.categories.split(',').map((each) => each.trim()).filter(Boolean))],
    recurrence: form.repeat ? [...writeRepeat(form.repeat, start, form.zone), ...form.removed] : [...(form.kept ?? [])],
    reminders: { useDefault: form.useDefault, overrides: form.useDefault ? [] : [...form.reminders] },
    attendees: withGuest(form).guests.map((email) => ({ email })),
    color: form.color || null,
    transparency: form.transparency,
    visibility: form.visibility,
  } as EventInput & { summary: string }
}

/** The form with the address that is being written among its guests, once it is one. */
export function withGuest(form: Form): Form {
  const address = form.guest.trim()
  if (!/^[^@\s]+@[^@\s]+$/.test(address)) return form
  return { ...form, guests: [...new Set([...form.guests, address])], guest: '' }
}

/** `mine` over `theirs`: what was not changed in it since `before` is as it is there. */
export function merged(before: Form, mine: Form, theirs: Form): Form {
  const changed = Object.entries(mine).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Form]))
  return { ...theirs, ...Object.fromEntries(changed) }
}

/** Only what was changed in the form, so that nobody else's change is undone. Guests keep their answers. */
export function changesOf(before: Form, after: Form, event: EventResource): Partial<EventInput> {
  const [old, now] = [inputOf(before), inputOf(after)]
  const changed = Object.entries(now).filter(([name, value]) => {
    return JSON.stringify(value) !== JSON.stringify((old as Record<string, unknown>)[name])
  })
  const patch = Object.fromEntries(changed) as Partial<EventInput>
  // A rule that was let alone goes along with its series, and one day of that can still be moved alone.
  if (patch.start && isSameRule(before, after)) delete patch.recurrence
  if (patch.attendees) {
    const known = new Map(event.attendees.map((each) => [each.email, each]))
    patch.attendees = patch.attendees.map((each) => known.get(each.email) ?? each)
  }
  if (patch.start || patch.end) Object.assign(patch, timesOf(before, after, event))
  return patch
}

/** What is on no zone's clock stays so, as long as no zone is chosen. */
function timesOf(before: Form, after: Form, event: EventResource): Pick<EventInput, 'start' | 'end'> {
  const { start, end } = inputOf(after)
  const hasZone = after.zone !== before.zone || after.endZone !== before.endZone
  if (after.allDay || before.allDay || hasZone || !floats(event.start)) return { start, end }
  return { start: { dateTime: start?.dateTime }, end: { dateTime: end?.dateTime } } as Pick<EventInput, 'start' | 'end'>
}

function isSameRule(before: Form, after: Form): boolean {
  const ofIt = ({ repeat, kept, allDay, zone }: Form) => JSON.stringify([repeat, kept, allDay, zone])
  return ofIt(before) === ofIt(after)
}
