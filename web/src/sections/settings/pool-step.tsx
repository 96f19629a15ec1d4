import type { ComponentChildren, InputHTMLAttributes } from 'preact'
import { words as common } from '../../i18n'
import { useFocus } from '../../ui/use-focus'
import { Field } from './form'
import { useAttempt } from './pool-attempt'

type Asked = Omit<InputHTMLAttributes<HTMLInputElement>, 'label' | 'onInput'>

interface StepProps {
  label: string
  hint?: string
  /** What the one field is. */
  input: Asked
  onInput: (typed: string) => void
  /** What the main button says, and does; what is in the way is said at the field. */
  done: string
  onDone: () => Promise<void>
  back?: string
  onBack: () => void
  children?: ComponentChildren
}

/** A step on the way to a change at the pool: one thing is typed, which the pool has to take. */
export function Step({ label, hint, input, onInput, done, onDone, back = common.value.cancel, onBack, children }: StepProps) {
  const { problem, busy, attempt } = useAttempt()
  const place = useFocus<HTMLInputElement>()
  return (
    <form onSubmit={(event) => (event.preventDefault(), void attempt(onDone))}>
      {children}
      <Field label={label} hint={hint} problem={problem}>
        {(attributes) => <input {...input} {...attributes} ref={place} required onInput={(event) => onInput(event.currentTarget.value)} />}
      </Field>
      <div class="row">
        <button type="submit" class="main" disabled={busy}>
          {done}
        </button>
        <button type="button" disabled={busy} onClick={onBack}>
          {back}
        </button>
      </div>
    </form>
  )
}
