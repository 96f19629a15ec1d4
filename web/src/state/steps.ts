/** Steps by the arrow keys: each is shown at once, and what they come to is written when they rest. */
import type { EventResource } from '../api/client'
import { changeEvent } from './actions'
import { lay, lift } from './events'

const REST_MS = 600

interface Steps {
  /** As it was before the first step. */
  event: EventResource
  patch: Partial<EventResource>
  timer: ReturnType<typeof setTimeout>
}

let steps: Steps | null = null

/** `patch` says where the event is after this step. */
export function stepTo(event: EventResource, patch: Partial<EventResource>): void {
  if (steps && steps.event.id !== event.id) void settle()
  clearTimeout(steps?.timer)
  const before = steps?.event ?? event
  steps = { event: before, patch: { ...steps?.patch, ...patch }, timer: setTimeout(() => void settle(), REST_MS) }
  lay([[event.id, { ...before, ...steps.patch }]])
}

/** Write what was stepped, if anything. */
export async function settle(): Promise<void> {
  if (!steps) return
  const { event, patch, timer } = steps
  clearTimeout(timer)
  steps = null
  if (!(await changeEvent(event, patch))) lift([event.id])
}

globalThis.addEventListener?.('pagehide', () => void settle())
