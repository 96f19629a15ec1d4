import { signal } from '@preact/signals'
import type { EventResource } from '../api/client'
import type { Form } from '../editor/form'
import type { ShownEvent } from './events'
import { theApi } from './session'
import { keptWriting } from './writing'

/** A new event that is being written: wall times in the reader's zone. */
export interface Draft {
  start: string
  end: string
  allDay: boolean
  summary?: string
}

/** What the editor was about when its writer was taken away from it. */
export interface Writing {
  /** The event as it was read; null: a new one. */
  event: EventResource | null
  before: Form
  form: Form
}

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** What is open beside the calendar: one thing at a time. */
export type Open =
  | { kind: 'event'; shown: ShownEvent; beside: Box }
  | { kind: 'draft'; draft: Draft }
  | { kind: 'search' | 'help' }
  | { kind: 'calendar'; id: string; beside: Box }
  | { kind: 'edit'; shown: ShownEvent; lines: readonly string[] }
  | { kind: 'again'; writing: Writing }
  | { kind: 'copy'; form: Form }
  | null

export const open = signal<Open>(null)

export function openEvent(shown: ShownEvent, beside: Box): void {
  open.value = { kind: 'event', shown, beside }
}

export function openDraft(draft: Draft): void {
  open.value = { kind: 'draft', draft }
}

export function openCalendar(id: string, beside: Box): void {
  open.value = { kind: 'calendar', id, beside }
}

export function openPanel(kind: 'search' | 'help'): void {
  open.value = { kind }
}

/** The full editor; the rule of an occurrence is that of its series. */
export async function edit(shown: ShownEvent): Promise<void> {
  const { event } = shown
  if (!event.eventId) {
    open.value = { kind: 'edit', shown, lines: event.recurrence }
    return
  }
  const { data } = await theApi().GET('/v1/events/{eventId}', { params: { path: { eventId: event.eventId } } })
  open.value = { kind: 'edit', shown, lines: (data as EventResource).recurrence }
}

/** The editor with a new event as another one is. */
export function openCopy(form: Form): void {
  open.value = { kind: 'copy', form }
}

/** The editor with what was written in this tab and never saved, if anything was. */
export function openAgain(): void {
  const writing = keptWriting<Writing>('event')
  if (writing) open.value = { kind: 'again', writing }
}

export function close(): void {
  open.value = null
}
