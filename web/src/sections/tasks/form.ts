/** What the dialog shows of a task, and what of it to send: pure functions, as of an event's. */
import type { Schemas, Task, TaskInput } from '../../api/client'
import { readRepeat, writeRepeat, type Repeat } from '../../editor/recurrence'
import { wallIn } from '../../time'

type Reminder = Schemas['ReminderOverride']

/** The due time is on the clock of `zone`; a day without a time is due all day. */
export interface TaskForm {
  summary: string
  description: string
  day: string
  time: string
  /** The zone that the due time names; '' for one that is in none. */
  zone: string
  calendarId: string
  priority: number
  repeat: Repeat | null
  kept: readonly string[] | null
  useDefault: boolean
  reminders: readonly Reminder[]
}

const MORNING = '09:00'
const DAY_MINUTES = 1440
const WITH_OFFSET = /(?:Z|[+-]\d\d:\d\d)$/

export function formOf(task: Task, home: string): TaskForm {
  const time = task.due ?? task.start
  const floats = Boolean(time?.dateTime && !time.timeZone && !WITH_OFFSET.test(time.dateTime))
  const zone = time?.timeZone ?? (floats ? '' : home)
  const wall = time ? wallIn(time, zone || home) : ''
  const repeat = wall ? readRepeat(task.recurrence, wall, zone || home) : null
  return {
    summary: task.summary,
    description: task.description,
    day: wall.slice(0, 10),
    time: wall.slice(11, 16),
    zone,
    calendarId: task.calendarId,
    priority: task.priority,
    repeat,
    kept: task.recurrence.length && !repeat ? task.recurrence : null,
    useDefault: task.reminders.useDefault ?? true,
    reminders: task.reminders.overrides ?? [],
  }
}

/** What the API is told of the form. What never is due does not repeat. */
export function inputOf(form: TaskForm): TaskInput {
  const wall = form.time ? `${form.day}T${form.time}:00` : form.day
  const timed = form.zone ? { dateTime: wall, timeZone: form.zone } : { dateTime: wall }
  const lines = form.repeat ? writeRepeat(form.repeat, wall, form.zone || 'UTC') : [...(form.kept ?? [])]
  return {
    summary: form.summary.trim(),
    description: form.description,
    due: form.day ? (form.time ? timed : { date: form.day }) : null,
    calendarId: form.calendarId,
    priority: form.priority,
    recurrence: form.day ? lines : [],
    reminders: { useDefault: form.useDefault, overrides: form.useDefault ? [] : [...form.reminders] },
  } as TaskInput
}

/** Only what was changed in the form, so that nobody else's change is undone. */
export function changesOf(before: TaskForm, after: TaskForm): TaskInput {
  const [old, now] = [inputOf(before) as Record<string, unknown>, inputOf(after)]
  const changed = Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name]))
  const patch = Object.fromEntries(changed) as TaskInput
  // What has a start and is never due any more would else go on to be shown on the day of its start.
  return patch.due === null ? { ...patch, start: null } : patch
}

/** `mine` over `theirs`: what was not changed in it since `before` is as it is there. */
export function merged(before: TaskForm, mine: TaskForm, theirs: TaskForm): TaskForm {
  const changed = Object.entries(mine).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof TaskForm]))
  return { ...theirs, ...Object.fromEntries(changed) }
}

/** The form with a time of day or without: what is due all day has no minute to count back from. */
export function withTime(form: TaskForm, time: string): TaskForm {
  if (time) return { ...form, time }
  return { ...form, time, reminders: form.reminders.map(onADay) }
}

function onADay(reminder: Reminder): Reminder {
  if (reminder.minutesBefore == null) return reminder
  return { channel: reminder.channel, daysBefore: Math.ceil(reminder.minutesBefore / DAY_MINUTES), at: MORNING }
}

export type Level = 'none' | 'low' | 'medium' | 'high'
export const LEVELS: readonly Level[] = ['none', 'low', 'medium', 'high']

/** As calendars show the nine priorities (RFC 5545 3.8.1.9). */
export function levelOf(priority: number): Level {
  if (priority === 0) return 'none'
  return priority < 5 ? 'high' : priority === 5 ? 'medium' : 'low'
}

export function priorityOf(level: Level): number {
  return { none: 0, high: 1, medium: 5, low: 9 }[level]
}
