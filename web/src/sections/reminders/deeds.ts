/** What a person does to reminders; each says what it did, and how to take it back. */
import { shownOf } from '../../state/events'
import { ProblemError } from '../../api/client'
import { changed } from '../../state/changes'
import { explain } from '../../state/actions'
import { sayDeed } from '../../state/deeds'
import { openEvent } from '../../state/open'
import { readEvent } from '../../state/read-event'
import { go, goToSection } from '../../state/route'
import { theApi, zone } from '../../state/session'
import { say } from '../../state/toast'
import { dayOf, nowIn } from '../../time'
import { filled, momentText, wallOf, type Channel, type Reminder } from './text'
import { reminderWords } from './words'

/** Do it, and read again what is shown; what went wrong is said. */
export async function attempt(deed: () => Promise<void>): Promise<boolean> {
  try {
    await deed()
    return true
  } catch (error) {
    say(explain(error))
    return false
  } finally {
    changed()
  }
}

function at(instant: string): string {
  return momentText(wallOf(instant, zone.value), dayOf(nowIn(zone.value)))
}

async function postSnooze(reminderId: string, until: string): Promise<void> {
  await theApi().POST('/v1/reminders/{reminderId}/snooze', { params: { path: { reminderId } }, body: { until } })
}

/** Let it ring at an instant instead. */
export function snooze(reminder: Reminder, until: string): Promise<boolean> {
  return attempt(async () => {
    await postSnooze(reminder.id, until)
    sayDeed(filled(reminderWords.value.snoozed, { time: at(until) }))
  })
}

/** Be done with it. Undone, it rings when it was to, as if snoozed until then. */
export function dismiss(reminder: Reminder): Promise<boolean> {
  const w = reminderWords.value
  return attempt(async () => {
    await theApi().POST('/v1/reminders/{reminderId}/dismiss', { params: { path: { reminderId: reminder.id } } })
    const back = () => attempt(async () => (await postSnooze(reminder.id, reminder.due), say(w.restored)))
    sayDeed(w.dismissed, Date.parse(reminder.due) > Date.now() ? back : null)
  })
}

/** A reminder that belongs to no event: local time in the person's zone. */
export interface Standing {
  at: string
  text: string
  channel: Channel
}

export async function addStanding(body: Standing): Promise<void> {
  const { data } = await theApi().POST('/v1/reminders', { body })
  sayDeed(filled(reminderWords.value.saved, { time: at(data!.due) }))
  changed()
}

/** Raises ProblemError 412 where it was changed meanwhile. */
export async function changeStanding(reminder: Reminder, body: Standing): Promise<void> {
  const params = { path: { reminderId: reminder.id }, header: { 'If-Match': `"${reminder.etag}"` } }
  const { data } = await theApi().PATCH('/v1/reminders/{reminderId}', { params, body } as never)
  sayDeed(filled(reminderWords.value.saved, { time: at((data as unknown as Reminder).due) }))
  changed()
}

export function deleteStanding(reminder: Reminder): Promise<boolean> {
  const w = reminderWords.value
  return attempt(async () => {
    await theApi().DELETE('/v1/reminders/{reminderId}', { params: { path: { reminderId: reminder.id } } })
    const body = { at: reminder.due, text: reminder.text, channel: reminder.channel }
    const back = async () => {
      await theApi().POST('/v1/reminders', { body })
      say(w.restored)
    }
    sayDeed(w.removed, () => attempt(back))
  })
}

export async function readReminder(reminderId: string): Promise<Reminder> {
  const { data } = await theApi().GET('/v1/reminders/{reminderId}', { params: { path: { reminderId } } })
  return data!
}

/** Show what a reminder is for: its event beside the day, else the tasks; by itself it stands in the reminder centre. */
export async function openSubject({ eventId, recurrenceId }: Pick<Reminder, 'eventId' | 'recurrenceId'>, beside?: DOMRect): Promise<void> {
  if (!eventId) return goToSection('reminders')
  try {
    const shown = shownOf(await readEvent(eventId, recurrenceId), zone.value)
    if (!beside) go({ view: 'day', date: dayOf(shown.start) })
    openEvent(shown, beside ?? { left: innerWidth / 2, right: innerWidth / 2, top: innerHeight / 4, bottom: innerHeight / 4 })
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) goToSection('tasks')
    else say(explain(error))
  }
}
