/** Where a task stands in the list: pure functions, as the grid's layout is. */
import type { Task } from './api/client'
import { addDays, dayOf, wallIn } from './time'

export const GROUPS = ['overdue', 'today', 'soon', 'later', 'never', 'done'] as const
export type GroupName = (typeof GROUPS)[number]

/** A task with its parts below it. */
export interface Branch {
  task: Task
  parts: Branch[]
}

const SOON_DAYS = 7
export const DONE_DAYS = 14

export function isDone(task: Task): boolean {
  return task.status === 'COMPLETED' || task.status === 'CANCELLED'
}

/** When it is due (else starts) on the reader's clock; '' for never. */
export function wallOf(task: Task, zone: string): string {
  const time = task.due ?? task.start
  return time ? wallIn(time, zone) : ''
}

/** Whether a wall time is over: a day only once the next one has begun. */
export function isPast(wall: string, now: string): boolean {
  return wall.length > 10 ? wall < now : wall < dayOf(now)
}

/** The tasks as they are shown, each group in its order; a part stands below its task as long as that is there. */
export function grouped(tasks: readonly Task[], now: string, zone: string): Map<GroupName, Branch[]> {
  const branches = new Map(tasks.map((task) => [task.id, { task, parts: [] as Branch[] }]))
  const found = new Map<GroupName, Branch[]>(GROUPS.map((name) => [name, []]))
  for (const branch of branches.values()) {
    const above = branches.get(branch.task.parentId ?? '')
    if (above && (!isDone(above.task) || isDone(branch.task))) above.parts.push(branch)
    else found.get(groupOf(branch.task, now, zone))!.push(branch)
  }
  for (const branch of branches.values()) branch.parts.sort(byDue(zone))
  for (const [name, list] of found) list.sort(name === 'done' ? lastDoneFirst : byDue(zone))
  return found
}

export function groupOf(task: Task, now: string, zone: string): GroupName {
  if (isDone(task)) return 'done'
  const wall = wallOf(task, zone)
  if (!wall) return 'never'
  if (isPast(wall, now)) return 'overdue'
  const today = dayOf(now)
  if (dayOf(wall) <= today) return 'today'
  return dayOf(wall) < addDays(today, SOON_DAYS) ? 'soon' : 'later'
}

/** What is open and due by the end of today, in the order of the list. */
export function dueByToday(tasks: readonly Task[], now: string, zone: string): Task[] {
  const isNow = (task: Task) => ['overdue', 'today'].includes(groupOf(task, now, zone))
  return tasks.filter(isNow).sort((one, other) => compare(one, other, zone))
}

/** Day -> the tasks that are due on it, in the order of the list; a tick moves none. */
export function byDay(tasks: readonly Task[], zone: string): Map<string, Task[]> {
  const found = new Map<string, Task[]>()
  for (const task of tasks) {
    const day = dayOf(wallOf(task, zone))
    if (day) found.set(day, [...(found.get(day) ?? []), task])
  }
  for (const list of found.values()) list.sort((one, other) => compare(one, other, zone))
  return found
}

/** Done within the last days: what is worth showing of the done ones. */
export function isRecent(task: Task, today: string): boolean {
  return task.completed !== null && dayOf(task.completed) >= addDays(today, -DONE_DAYS)
}

function byDue(zone: string) {
  return (one: Branch, other: Branch) =>
    Number(isDone(one.task)) - Number(isDone(other.task)) || compare(one.task, other.task, zone)
}

/** By the day, then what is more important, then by the time of day; never comes last. */
function compare(one: Task, other: Task, zone: string): number {
  const [left, right] = [wallOf(one, zone) || '~', wallOf(other, zone) || '~']
  return (
    text(dayOf(left), dayOf(right)) ||
    (one.priority || 10) - (other.priority || 10) ||
    text(left, right) ||
    text(one.created, other.created) ||
    text(one.id, other.id)
  )
}

function lastDoneFirst(one: Branch, other: Branch): number {
  return text(other.task.completed ?? '', one.task.completed ?? '') || text(one.task.id, other.task.id)
}

function text(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
