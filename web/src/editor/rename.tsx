import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'
import type { EventResource } from '../api/client'
import { words } from '../i18n'
import { changeEvent, explain } from '../state/actions'
import { close } from '../state/open'
import { useBusy } from './use-writing'
import { SaveOrCancel } from '../ui/save-or-cancel'

interface Props {
  field: RefObject<HTMLInputElement>
  event: EventResource
  title: string
  onWrite: (title: string) => void
  onLeave: () => void
}

/** Another title, in its place: Enter saves it, Esc leaves it as it was. */
export function Rename({ field, event, title, onWrite, onLeave }: Props) {
  const w = words.value
  useLayoutEffect(() => field.current?.focus(), [])
  const [busy, setBusy] = useBusy()
  const [problem, setProblem] = useState('')
  const save = async () => {
    if (title.trim() === event.summary) return onLeave()
    setBusy(true)
    try {
      if (await changeEvent(event, { summary: title.trim() }, true)) close()
    } catch (error) {
      setProblem(explain(error))
    } finally {
      setBusy(false)
    }
  }
  const escape = (key: KeyboardEvent) => {
    if (key.key !== 'Escape') return
    key.preventDefault()
    key.stopPropagation()
    onLeave()
  }
  return (
    <form inert={busy} onKeyDown={escape} onSubmit={(submit) => (submit.preventDefault(), void save())}>
      <input ref={field} class="title" aria-label={w.title} maxLength={1000} required value={title} onInput={(input) => onWrite(input.currentTarget.value)} />
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <SaveOrCancel onCancel={onLeave} />
    </form>
  )
}
