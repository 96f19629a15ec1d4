import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { ProblemError, type EventInput, type EventResource } from '../api/client'
import { words } from '../i18n'
import { changeEvent, createEvent, explain } from '../state/actions'
import { shownOf } from '../state/events'
import { close } from '../state/open'
import { readEvent } from '../state/read-event'
import { zone } from '../state/session'
import { Conflict, differences } from '../ui/conflict'
import { changesOf, endsEarly, formOfEvent, inputOf, merged, type Form } from './form'
import { told } from './tell'
import { useBusy, useWriting } from './use-writing'

/** What is written upon: the event as it was read (null: a new one), and the form of that. */
export interface Base {
  event: EventResource | null
  before: Form
}

export interface EventForm {
  base: Base
  form: Form
  isWritten: boolean
  setForm: (form: Form) => void
  busy: boolean
  problem: string
  /** It was to be saved, but ends before it starts. */
  isEarly: boolean
  setEarly: (isEarly: boolean) => void
  /** Ask for both versions, where it was changed elsewhere meanwhile; null where nothing is asked. */
  conflict: ComponentChildren
  /** Whether to throw away what is written, while that is asked. */
  question: ComponentChildren
  save: () => Promise<void>
  /** Close it, if nothing is written in it or who writes says so. */
  leave: () => void
  /** What is written is let go of, or put upon another base. */
  restart: (base: Base, form?: Form) => void
  /** The same, while whatever is asked stays. */
  rebase: (base: Base, form: Form) => void
}

/** What is written of an event, here or in the full editor, stays until it is saved or let go of. */
export function useEventForm(first: Base, written = first.before, onTheirs?: () => void): EventForm {
  const [base, setBase] = useState(first)
  const [form, setForm] = useState(written)
  const [theirs, setTheirs] = useState<AsItIs | null>(null)
  const [problem, setProblem] = useState('')
  const [isEarly, setEarly] = useState(false)
  const [busy, setBusy] = useBusy()
  const isWritten = JSON.stringify(form) !== JSON.stringify(base.before)
  const writing = useWriting('event', isWritten ? { ...base, form } : null, busy, close)

  const rebase = (from: Base, to: Form) => (setBase(from), setForm(to))
  const restart = (from: Base, to = from.before) => {
    rebase(from, to)
    setTheirs(null)
    setProblem('')
    setEarly(false)
    writing.stay()
  }
  const save = async (to: Form, from: Base) => {
    setProblem('')
    setEarly(endsEarly(to))
    if (endsEarly(to)) return
    setBusy(true)
    try {
      const done = from.event ? await changed(from.event, from.before, to) : await createEvent(inputOf(to) as never)
      if (done) writing.done()
    } catch (error) {
      const isConflict = error instanceof ProblemError && error.status === 412
      const now = isConflict && from.event ? await readAgain(from.event).catch(() => null) : null
      setTheirs(now)
      if (!now) setProblem(explain(error))
    } finally {
      setBusy(false)
    }
  }
  const choose = (now: Base, chosen: Form) => {
    restart(now, chosen)
    if (chosen === now.before) onTheirs?.()
    else void save(chosen, now)
  }
  const conflict = theirs && <Versions theirs={theirs} before={base.before} form={form} busy={busy} onChoose={choose} />
  const change = (to: Form) => (setForm(to), setEarly(isEarly && endsEarly(to)))
  const { question, leave } = writing
  return { base, form, isWritten, setForm: change, busy, problem, isEarly, setEarly, conflict, question, save: () => save(form, base), leave, restart, rebase }
}

interface VersionsProps {
  theirs: AsItIs
  before: Form
  form: Form
  busy: boolean
  onChoose: (base: Base, chosen: Form) => void
}

function Versions({ theirs, before, form, busy, onChoose }: VersionsProps) {
  const fresh = formOfEvent(shownOf(theirs.event, zone.value), theirs.lines, zone.value)
  const mine = merged(before, form, fresh)
  const now = { event: theirs.event, before: fresh }
  const differing = differences(told(mine), told(fresh))
  return <Conflict intro={words.value.conflict} differing={differing} busy={busy} onMine={() => onChoose(now, mine)} onTheirs={() => onChoose(now, fresh)} />
}

async function changed(event: EventResource, before: Form, after: Form): Promise<boolean> {
  const patch: Partial<EventInput> = changesOf(before, after, event)
  return Object.keys(patch).length === 0 || changeEvent(event, patch as Partial<EventResource>, true)
}

/** How an event is by now, and the lines of its series. */
interface AsItIs {
  event: EventResource
  lines: readonly string[]
}

async function readAgain({ id, eventId, recurrenceId }: EventResource): Promise<AsItIs> {
  const [event, whole] = await Promise.all([readEvent(eventId ?? id, recurrenceId), eventId && readEvent(eventId)])
  return { event, lines: (whole || event).recurrence }
}
