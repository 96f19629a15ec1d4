import { signal } from '@preact/signals'
import type { ShownEvent } from './events'

/** A new event that is being written: wall times in the reader's zone. */
export interface Draft {
  start: string
  end: string
  allDay: boolean
  summary?: string
}

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** What is open beside the calendar: one thing at a time. */
export type Open = { kind: 'event'; shown: ShownEvent; beside: Box } | { kind: 'draft'; draft: Draft } | null

export const open = signal<Open>(null)

export function openEvent(shown: ShownEvent, beside: Box): void {
  open.value = { kind: 'event', shown, beside }
}

export function openDraft(draft: Draft): void {
  open.value = { kind: 'draft', draft }
}

export function close(): void {
  open.value = null
}
