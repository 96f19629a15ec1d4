import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { locale, words as common } from '../../i18n'
import { zone } from '../../state/session'
import { useFocus } from '../../ui/use-focus'
import type { Loaded } from './loaded'

interface ListedProps<T> {
  loaded: Loaded<readonly T[]>
  none: string
  children: (each: T) => ComponentChildren
}

/** What was loaded, one below the other; or why it is not there. */
export function Listed<T>({ loaded, none, children }: ListedProps<T>) {
  const { found, problem } = loaded
  if (problem || !found) return <Unready loaded={loaded} />
  return found.length ? <ul class="listed">{found.map(children)}</ul> : <p class="soft">{none}</p>
}

/** What stands in the place of something that is not there yet, or could not be read. */
export function Unready({ loaded: { problem, again } }: { loaded: Loaded<unknown> }) {
  if (!problem) return <p class="soft">{common.value.loading}</p>
  return (
    <p class="problem" role="alert">
      {problem}{' '}
      <button type="button" onClick={() => void again()}>
        {common.value.tryAgain}
      </button>
    </p>
  )
}

interface ConfirmProps {
  label: string
  /** What it is about, for who cannot see where the button stands. */
  of: string
  /** What happens. */
  question: string
  onYes: () => Promise<void>
}

/** A button for what cannot be undone: it asks in its own place. */
export function Confirm({ label, of, question, onYes }: ConfirmProps) {
  const [asks, setAsks] = useState(false)
  const yes = useFocus<HTMLButtonElement>(asks)
  if (!asks) {
    return (
      <button type="button" onClick={() => setAsks(true)}>
        {label}
        <span class="unseen"> {of}</span>
      </button>
    )
  }
  return (
    <div class="confirm" role="group" aria-label={`${label} ${of}`}>
      <span>{question}</span>
      <button type="button" class="danger" ref={yes} onClick={() => void onYes()}>
        {label}
      </button>
      <button type="button" onClick={() => setAsks(false)}>
        {common.value.cancel}
      </button>
    </div>
  )
}

/** An instant as the reader's calendar and clock show it. */
export function whenText(instant: string, withTime = true): string {
  const time = withTime ? ({ timeStyle: 'short' } as const) : {}
  return new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', ...time, timeZone: zone.value }).format(new Date(instant))
}
