/** Moves by key: shown and said at once, and written as one change when the keys rest. */
import type { EventResource } from '../api/client'
import { changeEvent } from './actions'
import { knownEvent, lay, type ShownEvent } from './events'

const REST_MS = 700
const ENDS = ['beforeunload', 'pagehide'] as const

interface Nudged {
  event: EventResource
  patch: Partial<EventResource>
  /** Takes off what is shown of it. */
  lift: () => void
}

let waiting: Nudged | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let writing: Promise<void> = Promise.resolve()

/** The event will be so; further nudges of it go into the same write. */
export function nudge(shown: ShownEvent, patch: Partial<EventResource>): void {
  if (waiting && waiting.event.id !== shown.id) void rest()
  const event = waiting?.event ?? shown.event
  const all = { ...waiting?.patch, ...patch }
  waiting = { event, patch: all, lift: lay([[event.id, { ...event, ...all }]]) }
  clearTimeout(timer)
  timer = setTimeout(() => void rest(), REST_MS)
  // The page is still whole before it unloads; once it is hidden, a busy browser may not wait for what it does.
  for (const each of ENDS) addEventListener(each, leave)
}

/** Who leaves the page or loads it anew has moved it all the same. */
function leave(): void {
  void rest(true)
}

/** Write what waits, after what is being written; `leaving`: though the page ends meanwhile. */
export function rest(leaving = false): Promise<void> {
  clearTimeout(timer)
  for (const each of ENDS) removeEventListener(each, leave)
  const nudged = waiting
  waiting = null
  if (nudged) writing = writing.then(() => write(nudged, leaving))
  return writing
}

async function write({ event, patch, lift }: Nudged, leaving: boolean): Promise<void> {
  await changeEvent(knownEvent(event.id) ?? event, patch, false, leaving).finally(lift)
}
