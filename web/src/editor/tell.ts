/** What a form says, field by field, for who has to choose between two versions of it. */
import type { EventResource, Schemas } from '../api/client'
import { locale, words } from '../i18n'
import { today } from '../state/navigation'
import { calendars, zone as home } from '../state/session'
import type { Told } from '../ui/conflict'
import { addDays, minutesOf, printable } from '../time'
import { rangeText, timeText } from '../views/event-text'
import { dueText } from '../views/task-text'
import { withGuest, type Form } from './form'
import { onDay, WEEKDAYS, type Repeat } from './recurrence'
import { beforeText } from './reminder-fields'
import { editorWords } from './words'

type Reminder = Schemas['ReminderOverride']
const A_SUNDAY = '2026-11-22'
const DAY_MINUTES = 1440

export function told(form: Form): Told {
  const [w, own] = [words.value, editorWords.value]
  return [
    [w.title, form.summary],
    [w.starts, whenOf(form, form.startDay, form.startTime, form.zone)],
    [w.endsAt, whenOf(form, form.endDay, form.endTime, form.endZone)],
    [w.repeats, repeatText(form)],
    [w.calendar, calendarText(form.calendarId)],
    [w.location, form.location],
    [w.description, form.description],
    [own.url, form.url],
    [own.categories, form.categories],
    [w.reminders, remindersText(form)],
    [w.guests, withGuest(form).guests.join(', ')],
    [w.color, form.color || own.calendarColor],
    [own.shownAs, form.transparency === 'OPAQUE' ? own.busy : own.free],
    [own.visibility, own[form.visibility]],
  ]
}

function whenOf(form: Form, day: string, time: string, zone: string): string {
  const text = dueText(form.allDay ? day : `${day}T${time}:00`, today())
  return form.allDay || zone === home.value ? text : `${text} (${zone.replaceAll('_', ' ')})`
}

export function calendarText(id: string): string {
  return calendars.value.find((each) => each.id === id)?.name ?? ''
}

/** `Weekly, Mon, Thu, 10 times`: enough to tell two rules from each other. */
export function repeatText({ repeat: rule, kept, startDay }: Pick<Form, 'repeat' | 'kept' | 'startDay'>): string {
  const repeat = rule && onDay(rule, startDay)
  const w = words.value
  if (!repeat) return kept?.length ? w.repeatsKept : w.never
  const names = { DAILY: w.daily, WEEKLY: w.weekly, MONTHLY: w.monthly, YEARLY: w.yearly }
  return [names[repeat.frequency], repeat.interval > 1 && `× ${repeat.interval}`, ...daysOf(repeat), endOf(repeat)].filter(Boolean).join(', ')
}

/** The same within a sentence: `every Mon, Thu`, `monthly, the first Thu`. */
export function everyText(repeat: Repeat, startDay: string): string {
  const { frequency, interval } = repeat
  const isPlain = frequency === 'WEEKLY' && interval === 1
  const text = isPlain ? [`${words.value.every} ${daysOf(repeat).join(', ')}`, endOf(repeat)].filter(Boolean).join(', ') : repeatText({ repeat, kept: null, startDay })
  return text.slice(0, 1).toLocaleLowerCase(locale.value) + text.slice(1)
}

function daysOf({ frequency, days, on, nth }: Repeat): string[] {
  const format = new Intl.DateTimeFormat(locale.value, { weekday: 'short', timeZone: 'UTC' })
  const named = days.map((day) => format.format(printable(addDays(A_SUNDAY, WEEKDAYS.indexOf(day)))))
  if (frequency === 'WEEKLY') return named
  if (frequency === 'DAILY' || on === 'day') return []
  const pattern = nth < 0 ? words.value.lastOf : words.value.nths[nth - 1]!
  return [pattern.replace('{day}', named.join(', '))]
}

function endOf({ ends, until, count }: Repeat): string {
  if (ends === 'on') return `${words.value.lastDay}: ${dueText(until, today())}`
  return ends === 'after' ? `${words.value.times}: ${count}` : ''
}

export function remindersText({ useDefault, reminders }: Pick<Form, 'useDefault' | 'reminders'>): string {
  return useDefault ? words.value.useDefaults : reminders.map(reminderText).join(', ')
}

/** Of an event that is only looked at. */
export function ringText({ useDefault = true, overrides = [] }: Schemas['Reminders']): string {
  const w = editorWords.value
  if (useDefault) return w.ringsAsUsual
  return overrides.length ? w.rings.replace('{when}', overrides.map(reminderText).join(', ')) : w.silent
}

export function reminderText({ minutesBefore, daysBefore, at }: Reminder): string {
  if (minutesBefore != null) return beforeText(minutesBefore)
  return `${daysBefore ? beforeText(daysBefore * DAY_MINUTES) : words.value.onTheDay}, ${at ?? ''}`
}

/** When it is on its own clocks, where those are not its reader's: `10:00 AM Europe/Berlin – 1:00 PM America/New York`. */
export function ownClockText({ start, end }: Pick<EventResource, 'start' | 'end'>, reader: string): string {
  const told = [start, end].filter(({ timeZone }) => timeZone && timeZone !== reader)
  if (!told.length) return ''
  const [from, to] = [minutesOf(start.dateTime ?? ''), minutesOf(end.dateTime ?? '')]
  const [there, then] = [start, end].map(({ timeZone }) => (timeZone ?? reader).replaceAll('_', ' '))
  return there === then ? `${rangeText(from, to)} ${then}` : `${timeText(from)} ${there} – ${timeText(to)} ${then}`
}
