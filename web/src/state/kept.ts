/** What was read last, kept in this browser for when there is no network. It goes when somebody signs out. */
import { deleteDB, openDB, type IDBPDatabase } from 'idb'
import type { Calendar, EventResource, Person, Task } from '../api/client'

const NAME = 'aurora'
const MONTHS = 'months'
const ABOUT = 'about'
const TASKS = 'tasks'
/** Months that are kept, the last read first. */
const MOST_MONTHS = 8

export interface About {
  /** As the issuer names them. */
  subject: string
  person: Person
  calendars: readonly Calendar[]
}

interface KeptMonth {
  events: readonly EventResource[]
  read: number
}

interface KeptTasks {
  owner: string
  tasks: readonly Task[]
}

let opened: Promise<IDBPDatabase> | undefined

function database(): Promise<IDBPDatabase> {
  opened ??= openDB(NAME, 1, {
    upgrade(made) {
      made.createObjectStore(MONTHS)
      made.createObjectStore(ABOUT)
    },
    // Another tab signs out, and waits for this one to let go.
    blocking(_, __, event) {
      ;(event.target as IDBDatabase).close()
      opened = undefined
    },
  })
  return opened
}

/** Nothing comes of it where somebody signs out meanwhile, here or in another tab: then all that is kept goes. */
async function unlessForgotten<T>(use: () => Promise<T>): Promise<T | undefined> {
  try {
    return await use()
  } catch (error) {
    const isClosing = error instanceof DOMException && ['InvalidStateError', 'AbortError'].includes(error.name)
    if (!isClosing) throw error
    return undefined
  }
}

/** With the database, when it is this person's. */
function within<T>(use: (kept: IDBPDatabase) => Promise<T>): Promise<T | undefined> {
  return unlessForgotten(async () => use(await sortedOut()))
}

export async function keepAbout(about: About): Promise<void> {
  await within((kept) => kept.put(ABOUT, about, 'me'))
}

/** Until what is kept of anybody else is gone, nothing is read or kept. */
let sorted: Promise<unknown> = Promise.resolve()

async function sortedOut(): Promise<IDBPDatabase> {
  await sorted
  return database()
}

/** What was kept of somebody; what was kept of anybody else goes first. */
export function keptAbout(subject: string): Promise<About | undefined> {
  const found = unlessForgotten(() => sortOut(subject))
  sorted = found
  return found
}

async function sortOut(subject: string): Promise<About | undefined> {
  const kept = await database()
  const about = (await kept.get(ABOUT, 'me')) as About | undefined
  if (about?.subject === subject) return about
  forgetChoices()
  await Promise.all([kept.clear(MONTHS), kept.clear(ABOUT)])
  return undefined
}

export async function keepMonth(month: string, events: readonly EventResource[]): Promise<void> {
  await within((kept) => putMonth(kept, month, events))
}

async function putMonth(kept: IDBPDatabase, month: string, events: readonly EventResource[]): Promise<void> {
  await kept.put(MONTHS, { events, read: Date.now() } satisfies KeptMonth, month)
  const names = await kept.getAllKeys(MONTHS)
  if (names.length <= MOST_MONTHS) return
  const all = (await kept.getAll(MONTHS)) as KeptMonth[]
  const oldest = names.map((name, index) => ({ name, read: all[index]!.read })).sort((one, other) => one.read - other.read)
  await kept.delete(MONTHS, oldest[0]!.name)
}

export async function keptMonth(month: string): Promise<readonly EventResource[] | undefined> {
  return ((await within((kept) => kept.get(MONTHS, month))) as KeptMonth | undefined)?.events
}

export async function keepTasks(owner: string, tasks: readonly Task[]): Promise<void> {
  await within((kept) => kept.put(ABOUT, { owner, tasks } satisfies KeptTasks, TASKS))
}

export async function keptTasks(owner: string): Promise<readonly Task[]> {
  const kept = (await within((known) => known.get(ABOUT, TASKS))) as KeptTasks | undefined
  return kept?.owner === owner ? kept.tasks : []
}

async function letGo(): Promise<void> {
  if (opened) (await opened).close()
  opened = undefined
}

/** Names of what the local storage has of nobody, or of each person by their id. */
const STAYS = /^aurora-(?:config|signed-out|hidden-.+)$/

/** What somebody chose or was told in this browser. */
function forgetChoices(): void {
  const names = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at)!)
  for (const name of names) if (name.startsWith('aurora-') && !STAYS.test(name)) localStorage.removeItem(name)
}

export async function forgetAll(): Promise<void> {
  forgetChoices()
  await letGo()
  await deleteDB(NAME)
}
