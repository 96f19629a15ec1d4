/** What is changed where it stands: a button that says it, and its fields once that is pressed. */
import type { ComponentChildren } from 'preact'
import { words } from '../i18n'
import type { ShownEvent } from '../state/events'
import { zone } from '../state/session'
import { useFocus } from '../ui/use-focus'
import { whenText } from '../views/event-text'
import type { Form } from './form'
import { Linked } from './linked'
import { parts } from './links'
import { ownClockText } from './tell'
import type { EventForm } from './use-event-form'
import { WhenRows } from './when-rows'
import { editorWords } from './words'

export type Part = 'title' | 'time' | 'place'

interface Props {
  shown: ShownEvent
  writing: EventForm
  isOpen: boolean
  /** It was changed last, so the focus comes back to it. */
  isLast: boolean
  onOpen: () => void
}

export function Title({ shown, writing: { form, setForm }, isOpen, isLast, onOpen }: Props) {
  if (isOpen) return <Field name="title" label={words.value.title} required value={form.summary} onWrite={(summary) => setForm({ ...form, summary })} />
  return (
    <h2>
      <InPlace title={editorWords.value.rename} isLast={isLast} onOpen={onOpen}>
        {shown.event.summary || words.value.noTitle}
      </InPlace>
    </h2>
  )
}

export function When({ shown, writing, isOpen, isLast, onOpen }: Props) {
  const clock = isOpen ? zonesText(writing.form) : ownClockText(shown.event, zone.value)
  return (
    <>
      {isOpen ? (
        <div class="when">
          <WhenRows form={writing.form} change={writing.setForm} isEarly={writing.isEarly} setEarly={writing.setEarly} focus />
        </div>
      ) : (
        <p>
          <InPlace title={editorWords.value.retime} isLast={isLast} onOpen={onOpen}>
            {whenText(shown)}
          </InPlace>
        </p>
      )}
      {clock && <p class="soft">{clock}</p>}
    </>
  )
}

/** Whose clocks the fields are set by, where those are not their reader's. */
function zonesText({ allDay, zone: start, endZone: end }: Form): string {
  const [from, to] = [start, end].map((each) => each.replaceAll('_', ' ')) as [string, string]
  if (allDay || (start === zone.value && end === start)) return ''
  if (start === end) return editorWords.value.byClock.replace('{zone}', from)
  return `${words.value.starts}: ${from} · ${words.value.endsAt}: ${to}`
}

export function Place({ shown, writing: { form, setForm }, isOpen, isLast, onOpen }: Props) {
  const own = editorWords.value
  const { location } = shown.event
  if (isOpen) {
    return (
      <label>
        {words.value.location}
        <Field value={form.location} onWrite={(place) => setForm({ ...form, location: place })} />
      </label>
    )
  }
  // Where it leads somewhere, it is followed instead, and changed in the full editor.
  if (parts(location).some((part) => part.isLink)) {
    return (
      <p class="prose">
        <Linked text={location} />
      </p>
    )
  }
  return (
    <p class={location ? 'prose' : 'soft'}>
      <InPlace title={location ? own.replace : ''} isLast={isLast} onOpen={onOpen}>
        {location || own.addPlace}
      </InPlace>
    </p>
  )
}

interface InPlaceProps {
  title: string
  isLast: boolean
  onOpen: () => void
  children: ComponentChildren
}

function InPlace({ title, isLast, onOpen, children }: InPlaceProps) {
  const button = useFocus<HTMLButtonElement>(isLast)
  return (
    <button ref={button} type="button" class="in-place" title={title} onClick={onOpen}>
      {children}
    </button>
  )
}

interface FieldProps {
  name?: string
  label?: string
  required?: boolean
  value: string
  onWrite: (text: string) => void
}

function Field({ name, label, required = false, value, onWrite }: FieldProps) {
  const field = useFocus<HTMLInputElement>()
  return <input ref={field} class={name} aria-label={label} required={required} maxLength={1000} value={value} onInput={(input) => onWrite(input.currentTarget.value)} />
}
