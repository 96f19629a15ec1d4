/** What a person does to calendars. */
import type { Calendar, Schemas } from '../api/client'
import { words } from '../i18n'
import { sayDeed } from './deeds'
import { refresh } from './events'
import { followJob, type Job } from './jobs'
import { route } from './route'
import { calendars, hidden, theApi } from './session'
import { windowOf } from './window'

type Rule = Schemas['RuleResource']

export function flip(id: string): void {
  const left = new Set(hidden.value)
  if (!left.delete(id)) left.add(id)
  hidden.value = left
}

export function isOnly(id: string): boolean {
  return calendars.value.length > 1 && calendars.value.every((each) => hidden.value.has(each.id) !== (each.id === id))
}

/** Show this one alone; all of them where it is alone already. */
export function showOnly(id: string): void {
  hidden.value = isOnly(id) ? new Set() : new Set(calendars.value.map((each) => each.id).filter((each) => each !== id))
}

export async function rereadCalendars(): Promise<void> {
  const { data } = await theApi().GET('/v1/calendars')
  calendars.value = data!.items
}

export async function changeCalendar(calendar: Calendar, patch: { name: string; color: string }): Promise<void> {
  const params = { path: { calendarId: calendar.id }, header: { 'If-Match': `"${calendar.etag}"` } }
  const { data } = await theApi().PATCH('/v1/calendars/{calendarId}', { params, body: patch })
  calendars.value = calendars.value.map((each) => (each.id === calendar.id ? data! : each))
}

async function reread(): Promise<void> {
  const { from, to } = windowOf(route.value)
  await Promise.all([rereadCalendars(), refresh(from, to)])
}

/** It goes into the trash with all that is in it. */
export async function removeCalendar(calendar: Calendar, done: string): Promise<void> {
  const params = { path: { calendarId: calendar.id } }
  await theApi().DELETE('/v1/calendars/{calendarId}', { params })
  await reread()
  sayDeed(done, () => bringBack(calendar.id))
}

async function bringBack(calendarId: string): Promise<void> {
  const { data, response } = await theApi().POST('/v1/calendars/{calendarId}/restore', { params: { path: { calendarId } } })
  const job = response.status === 202 && (await followJob(data as unknown as Job, () => undefined))
  if (job && job.state === 'failed') throw new Error(job.error ?? job.state)
  await reread()
  sayDeed(words.value.undone)
}

/** The rule that reminds of this calendar's events and of nothing else. */
export async function ruleOf(calendarId: string): Promise<Rule | null> {
  const { data } = await theApi().GET('/v1/reminder-rules')
  const isIts = ({ match }: Rule) =>
    match.calendarId?.length === 1 && match.calendarId[0] === calendarId && !match.words?.length && !match.categories?.length && match.allDay == null
  return data!.items.find(isIts) ?? null
}

/** Remind so many minutes before; null: not by a rule of this calendar. */
export async function remindBefore(calendar: Calendar, rule: Rule | null, minutes: number | null): Promise<void> {
  if (minutes === null) {
    if (rule) await theApi().DELETE('/v1/reminder-rules/{ruleId}', { params: { path: { ruleId: rule.id } } })
    return
  }
  const triggers = [{ channel: 'email' as const, minutesBefore: minutes }]
  if (rule) await theApi().PATCH('/v1/reminder-rules/{ruleId}', { params: { path: { ruleId: rule.id } }, body: { triggers } })
  else await theApi().POST('/v1/reminder-rules', { body: { name: calendar.name, match: { calendarId: [calendar.id] }, triggers } })
}

/** The secret link of a calendar, null where it has none. */
export async function linkOf(calendarId: string): Promise<string | null> {
  const { data } = await theApi().GET('/v1/calendars/{calendarId}/link', { params: { path: { calendarId } } })
  return data!.secretUrl ?? null
}

/** A new one, which ends the one that there was. */
export async function renewLink(calendarId: string): Promise<string | null> {
  const { data } = await theApi().POST('/v1/calendars/{calendarId}/link', { params: { path: { calendarId } } })
  return data!.secretUrl ?? null
}

export async function dropLink(calendarId: string): Promise<null> {
  await theApi().DELETE('/v1/calendars/{calendarId}/link', { params: { path: { calendarId } } })
  return null
}
