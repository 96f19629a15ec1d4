import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { editorWords } from '../../editor/words'
import { words as common } from '../../i18n'
import { Conflict, differences, type Told } from '../../ui/conflict'
import type { Part } from './save'
import { outside, under } from './trouble'
import { words } from './words'

interface FieldProps {
  label: string
  problem?: string
  hint?: string
  children: (attributes: FieldAttributes) => ComponentChildren
}

export interface FieldAttributes {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': 'true' | undefined
}

/** A label, its control, and below what is wrong with it and what to know of it. */
export function Field({ label, problem, hint, children }: FieldProps) {
  const id = useId()
  const described = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': problem ? 'true' : undefined })}
      {problem && (
        <p class="problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

interface CheckProps {
  label: string
  hint?: string
  checked: boolean
  onChange: (checked: boolean) => void
}

export function Check({ label, hint, checked, onChange }: CheckProps) {
  const id = useId()
  return (
    <div class="field">
      <label class="check">
        <input type="checkbox" checked={checked} aria-describedby={hint && id} onChange={(input) => onChange(input.currentTarget.checked)} />
        {label}
      </label>
      {hint && (
        <p class="hint" id={id}>
          {hint}
        </p>
      )}
    </div>
  )
}

interface ChoiceProps {
  label: string
  value: string
  /** Value -> its name. */
  choices: readonly (readonly [string, string])[]
  problem?: string
  hint?: string
  onChange: (value: string) => void
}

export function Choice({ label, value, choices, problem, hint, onChange }: ChoiceProps) {
  return (
    <Field label={label} problem={problem} hint={hint}>
      {(attributes) => (
        <select {...attributes} value={value} onChange={(input) => onChange(input.currentTarget.value)}>
          {choices.map(([each, name]) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

interface GroupProps {
  title: string
  intro?: string
  children: ComponentChildren
}

/** One thing of the settings under its heading. */
export function Group({ title, intro, children }: GroupProps) {
  const id = useId()
  return (
    <section class="group" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {intro && <p class="soft">{intro}</p>}
      {children}
    </section>
  )
}

interface PartFormProps<T> extends GroupProps {
  part: Part<T>
  /** The JSON pointers of its fields: what is wrong elsewhere is said below them. */
  fields: readonly string[]
  /** What it says, for who has to choose between two versions. */
  tell: (now: T) => Told
  /** True where the form has found nothing wrong itself. */
  isRight?: () => boolean
}

/** A part of the settings with its own button. */
export function PartForm<T>({ part, fields, tell, isRight, children, ...group }: PartFormProps<T>) {
  const rest = outside(part.trouble, fields)
  const save = () => {
    if (!isRight || isRight()) void part.save()
  }
  return (
    <Group {...group}>
      <form onSubmit={(event) => (event.preventDefault(), save())}>
        {children}
        {rest && (
          <p class="problem" role="alert">
            {rest}
          </p>
        )}
        {part.clash && (
          <Conflict
            intro={words.value.clash}
            differing={differences(tell(part.now), tell(part.clash))}
            busy={part.busy}
            onMine={save}
            onTheirs={part.drop}
          />
        )}
        <div class="row">
          <button type="submit" class="main" disabled={part.busy || part.clash !== null}>
            {common.value.save}
          </button>
          {part.isTyped && !part.clash && (
            <button type="button" disabled={part.busy} onClick={part.drop}>
              {editorWords.value.throwAway}
            </button>
          )}
        </div>
      </form>
    </Group>
  )
}

/** A problem of one of a part's fields. */
export function problemOf<T>(part: Part<T>, pointer: string): string {
  return under(part.trouble, pointer)
}
