/** What is said of reminders: pure functions of a reminder, in the reader's words and zone. */
import type { Schemas } from '../../api/client'
import { counted, locale } from '../../i18n'
import { formatOf } from '../../i18n/format'
import { addDays, dayOf, daysBetween, minutesOf, printable, wallIn } from '../../time'
import { timeText } from '../../views/event-text'
import { reminderWords } from './words'

export type Reminder = Schemas['ReminderResource']
export type Rule = Schemas['RuleResource']
export type Trigger = Schemas['ReminderOverride']
export type Channel = 'email' | 'browser'

const DAY = 24 * 60

/** `2 hours`, in the largest unit that fits. */
export function lengthText(minutes: number): string {
  const [size, unit] = minutes && minutes % DAY === 0 ? [DAY, 'day'] : minutes && minutes % 60 === 0 ? [60, 'hour'] : [1, 'minute']
  return new Intl.NumberFormat(locale.value, { style: 'unit', unit: unit as string, unitDisplay: 'long' }).format(minutes / (size as number))
}

export function filled(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

export function clockText(clock: string): string {
  return timeText(Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5)))
}

/** `30 minutes before`, `The day before at 18:00`. */
export function triggerText({ minutesBefore, daysBefore, at }: Trigger): string {
  const w = reminderWords.value
  if (minutesBefore === 0) return w.whenItStarts
  if (minutesBefore != null) return filled(w.before, { length: lengthText(minutesBefore) })
  const time = clockText(at ?? '00:00')
  if (!daysBefore) return filled(w.onTheDay, { time })
  return daysBefore === 1 ? filled(w.theDayBefore, { time }) : filled(w.daysBeforeAt, { time, length: lengthText(daysBefore * DAY) })
}

export function channelText(channel: string | undefined): string {
  return channel === 'browser' ? reminderWords.value.browser : reminderWords.value.mail
}

/** Wall time of an instant. */
export function wallOf(instant: string, zone: string): string {
  return wallIn({ dateTime: instant }, zone)
}

/** When what it is for starts: wall time or, where only that is known, the date. Null where the reminder does not tell. */
export function startOf({ trigger, due, movedFrom }: Reminder, zone: string): string | null {
  if (!trigger) return null
  const rings = wallOf(movedFrom ?? due, zone)
  if (trigger.minutesBefore == null) return addDays(dayOf(rings), trigger.daysBefore ?? 0)
  if (trigger.minutesBefore === 0) return rings
  const starts = Date.parse(movedFrom ?? due) + trigger.minutesBefore * 60_000
  return wallOf(new Date(starts).toISOString(), zone)
}

/** `Today`, `Tomorrow`, or `Thursday, 3 December`. */
export function dayText(day: string, today: string): string {
  const w = reminderWords.value
  const away = daysBetween(today, day)
  if (away === 0) return w.today
  if (away === 1) return w.tomorrow
  if (away === -1) return w.yesterday
  const format = formatOf(locale.value, { weekday: 'long', day: 'numeric', month: 'long' })
  return format.format(printable(day))
}

/** The time alone on the day itself, else with its date. */
export function momentText(wall: string, day: string): string {
  const time = wall.length > 10 ? timeText(minutesOf(wall)) : ''
  if (dayOf(wall) === day) return time
  const date = formatOf(locale.value, { weekday: 'short', day: 'numeric', month: 'short' })
  return [date.format(printable(dayOf(wall))), time].filter(Boolean).join(', ')
}

/** Why it rings, in parts: what caused it, how long before, and what quiet hours did. */
export function whyText(reminder: Reminder, rules: ReadonlyMap<string, Rule>, zone: string): string[] {
  const w = reminderWords.value
  const { cause, trigger, movedFrom } = reminder
  const day = dayOf(wallOf(reminder.due, zone))
  const starts = startOf(reminder, zone)
  const before = trigger && triggerText(trigger)
  const start = starts && trigger?.minutesBefore ? filled(w.startsAt, { time: momentText(starts, day) }) : ''
  const held = movedFrom ? filled(w.held, { time: momentText(wallOf(movedFrom, zone), day) }) : ''
  return [before ?? '', start, causeText(cause, reminder.ruleId, rules), held].filter(Boolean)
}

function causeText(cause: Reminder['cause'], ruleId: string | null, rules: ReadonlyMap<string, Rule>): string {
  const w = reminderWords.value
  if (cause === 'rule') {
    const rule = ruleId && rules.get(ruleId)
    return rule ? filled(w.byRule, { name: rule.name }) : w.byGoneRule
  }
  return { default: w.byDefault, own: w.byOwn, snooze: w.bySnooze, itself: w.byItself }[cause]
}

type Reason = keyof typeof reminderWords.value.reasons

/** How the sentences of the server begin that we can say in the reader's language. */
const KNOWN: [string, Reason][] = [
  ['Reminder mails are turned off', 'off'],
  ['Mail to this address was refused too often', 'bounced'],
  ['mail to this address was refused too often', 'bounced'],
  ['A mail to this address was marked', 'complained'],
  ['No open app showed it', 'notOpen'],
  ['Missed:', 'missed'],
  ['What it was for is no longer there', 'gone'],
  ['The event was changed', 'changed'],
  ['It may have been sent', 'restored'],
  ['It was already past', 'past'],
  ['It was in the trash', 'trashed'],
  ['This home made a mistake', 'mistake'],
]

/** Why it was not delivered, in words; what a mail server said stands as it is. */
export function reasonText(error: string | null): string {
  if (!error) return ''
  const known = KNOWN.find(([begins]) => error.startsWith(begins))
  return known ? reminderWords.value.reasons[known[1]] : filled(reminderWords.value.refused, { reason: error })
}

/** What became of it: a word, and what there is to tell. */
export function outcomeText(reminder: Reminder, zone: string): { word: string; tells: string[] } {
  const w = reminderWords.value
  const day = dayOf(wallOf(reminder.due, zone))
  const at = (instant: string) => momentText(wallOf(instant, zone), day)
  const word = { sent: w.sent, failed: w.failed, suppressed: w.suppressed, snoozed: w.snoozedOnes, dismissed: w.dismissedOnes, sending: w.sending }[reminder.status]
  const sentAt = reminder.sentAt ? at(reminder.sentAt) : ''
  const sent = sentAt && sentAt !== at(reminder.due) ? filled(reminder.channel === 'browser' ? w.shownAt : w.sentAt, { time: sentAt }) : ''
  const again = reminder.snoozedUntil ? filled(w.snoozedUntil, { time: at(reminder.snoozedUntil) }) : ''
  const tries = reminder.channel === 'email' && reminder.attempts > 1 ? counted(w.tries, reminder.attempts) : ''
  return { word: word ?? w.planned, tells: [sent, again, reasonText(reminder.error), tries].filter(Boolean) }
}

/** Reminders by the day on which each rings, in the order in which they come. */
export function byDay(reminders: readonly Reminder[], zone: string): [string, Reminder[]][] {
  const days = new Map<string, Reminder[]>()
  for (const each of reminders) {
    const day = dayOf(wallOf(each.due, zone))
    days.set(day, [...(days.get(day) ?? []), each])
  }
  return [...days]
}

