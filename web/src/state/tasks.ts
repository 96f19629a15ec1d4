/** The tasks: read whole, changed at once on the screen, and undoable as events are. */
import { computed, signal } from '@preact/signals'
import { OfflineError, ProblemError, type Task, type TaskInput } from '../api/client'
import { words } from '../i18n'
import { byDay, isDone, isRecent } from '../task-list'
import { explain, sayDone } from './actions'
import { beginDeed, during } from './deeds'
import { keepTasks, keptTasks } from './kept'
import { today } from './navigation'
import { hidden, offline, person, theApi, zone } from './session'
import { say } from './toast'

const PAGE = 1000
/** Pages of done tasks that are looked through for the last ones. */
const DONE_PAGES = 5

const open = signal<readonly Task[] | null>(null)
const done = signal<readonly Task[]>([])
/** Those that are done and due on the days that the calendar shows. */
const doneThere = signal<readonly Task[]>([])
let shownDays: { from: string; to: string } | null = null
/** Id -> what it will be when the server has answered; null: gone. */
const pending = signal<ReadonlyMap<string, Task | null>>(new Map())
/** Grows with every write, so that what was asked before it is not taken for how things stand. */
let writes = 0
let wantsDone = false

/** Every open task and, once they were wanted, those that were done lately; null: not yet read. */
export const tasks = computed<readonly Task[] | null>(() => {
  return open.value && laidOver([...open.value, ...done.value])
})

/** Day -> what is due on it, done or not, of the calendars that are shown. */
const onDays = computed(() => {
  const seen = laidOver([...(open.value ?? []), ...done.value, ...doneThere.value])
  return byDay(seen.filter((task) => !hidden.value.has(task.calendarId)), zone.value)
})
const NONE: readonly Task[] = []

export function tasksOn(day: string): readonly Task[] {
  return onDays.value.get(day) ?? NONE
}

const dueDays = computed(() => [...onDays.value.keys()].join(' '))

/** The days from `from` up to `to` (excluded) on which something is due. */
export function daysWithTasks(from: string, to: string): string[] {
  return dueDays.value.split(' ').filter((day) => from <= day && day < to)
}

/** With what was changed here and is not yet answered. */
function laidOver(listed: readonly Task[]): Task[] {
  const found = new Map(listed.map((task) => [task.id, task]))
  for (const [id, task] of pending.value) {
    if (task === null) found.delete(id)
    else found.set(id, task)
  }
  return [...found.values()]
}

async function readAll(completed: boolean, pages = Infinity, days: { from?: string; to?: string } = {}): Promise<Task[]> {
  const found: Task[] = []
  let cursor: string | undefined
  do {
    const query = { completed, limit: PAGE, ...days, ...(cursor ? { cursor } : {}) }
    const { data } = await theApi().GET('/v1/tasks', { params: { query } })
    found.push(...data!.items)
    cursor = data!.nextCursor ?? undefined
    pages -= 1
  } while (cursor && pages > 0)
  return found
}

/** Read them anew; with no network show what was kept. With `all` the done ones too, from now on. */
export async function loadTasks(all = false): Promise<void> {
  wantsDone ||= all
  const before = writes
  try {
    const [left, over] = await Promise.all([readAll(false), wantsDone ? readAll(true, DONE_PAGES) : [], readDoneThere()])
    if (before !== writes) return loadTasks()
    open.value = left
    if (wantsDone) done.value = over.filter((task) => isRecent(task, today()))
    void keepTasks(person.value!.id, [...left, ...done.value])
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error
    offline.value = true
    if (!open.value) showKept(await keptTasks(person.value!.id))
  }
}

/** Have what is done on the days that the calendar shows, too; the open ones are all there. */
export async function needDone(from: string, to: string): Promise<void> {
  if (shownDays?.from === from && shownDays.to === to) return
  shownDays = { from, to }
  await readDoneThere().catch(() => (shownDays = null))
}

async function readDoneThere(): Promise<void> {
  const days = shownDays
  const found = days ? await readAll(true, 1, days) : []
  if (days === shownDays) doneThere.value = found
}

function showKept(kept: readonly Task[]): void {
  open.value = kept.filter((task) => !isDone(task))
  done.value = kept.filter(isDone)
}

type Write<Data> = () => Promise<{ data?: Data; response: Response }>

/** Run a write over what is already shown as if it were done; answers what came of it. What goes wrong is thrown. */
function written<Data>(shown: [string, Task | null], write: Write<Data>, said: (data: Data) => string): Promise<Data> {
  return during(writing(shown, write, said))
}

async function writing<Data>([id, shown]: [string, Task | null], write: Write<Data>, said: (data: Data) => string): Promise<Data> {
  if (id) pending.value = new Map([...pending.value, [id, shown]])
  const deed = beginDeed()
  try {
    const { data, response } = await write()
    writes += 1
    // It is done, whether or not it can be read again just now.
    await loadTasks().catch(() => undefined)
    sayDone(response, said(data!), deed)
    return data!
  } catch (error) {
    if (error instanceof ProblemError && [404, 412].includes(error.status)) await loadTasks()
    throw error
  } finally {
    const left = new Map(pending.value)
    // What a later write has laid over it stays.
    if (left.get(id) === shown) left.delete(id)
    pending.value = left
  }
}

/** Whether it was done; else it is said why not. */
async function told(done: Promise<unknown>): Promise<boolean> {
  try {
    await done
    return true
  } catch (error) {
    say(explain(error))
    return false
  }
}

export async function addTask(input: TaskInput): Promise<boolean> {
  const write = () => theApi().POST('/v1/tasks', { body: input as never })
  return told(written<Task>(['', null], write as Write<Task>, () => words.value.added))
}

/** Change a task as it was read. What goes wrong is thrown. */
export async function changeTask(task: Task, patch: TaskInput): Promise<void> {
  const params = { path: { taskId: task.id }, header: { 'If-Match': `"${task.etag}"` } }
  const write = () => theApi().PATCH('/v1/tasks/{taskId}', { params, body: patch } as never)
  await written<Task>([task.id, { ...task, ...patch } as Task], write as Write<Task>, () => words.value.changed)
}

/** Tick it off. One that repeats is done this once: `said` gets the task as it stands then. */
export async function finishTask(task: Task, said: (now: Task) => string): Promise<boolean> {
  const shown = { ...task, status: 'COMPLETED', completed: new Date().toISOString() }
  return ticked(task, shown, { status: 'COMPLETED' }, said)
}

export async function reopenTask(task: Task): Promise<boolean> {
  const shown = { ...task, status: 'NEEDS-ACTION', completed: null }
  return ticked(task, shown, { status: 'NEEDS-ACTION' }, () => words.value.changed)
}

/** A tick is meant whatever else was changed; only of a series it could finish the next time too. */
async function ticked(task: Task, shown: Task, body: TaskInput, said: (now: Task) => string): Promise<boolean> {
  const header = task.recurrence.length ? { 'If-Match': `"${task.etag}"` } : {}
  const params = { path: { taskId: task.id }, header }
  const write = () => theApi().PATCH('/v1/tasks/{taskId}', { params, body } as never)
  return told(written<Task>([task.id, shown], write as Write<Task>, said))
}

export async function removeTask(task: Task): Promise<boolean> {
  const write = () => theApi().DELETE('/v1/tasks/{taskId}', { params: { path: { taskId: task.id } } })
  return told(written([task.id, null], write as Write<unknown>, () => words.value.deleted))
}

/** A task as it is now, for one that was changed elsewhere meanwhile. */
export async function rereadTask(taskId: string): Promise<Task> {
  const { data } = await theApi().GET('/v1/tasks/{taskId}', { params: { path: { taskId } } })
  return data!
}
