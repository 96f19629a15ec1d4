import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { words } from '../i18n'
import { useFocus } from '../ui/use-focus'
import { withStart, type Form } from './form'

interface Props {
  form: Form
  change: (form: Form) => void
  isEarly: boolean
  setEarly: (isEarly: boolean) => void
  /** The first of its fields has the focus, the clock before the day. */
  focus?: boolean
}

/** From a day and a time to another; that it ends before it starts is said beside the end. */
export function WhenRows({ form, change, isEarly, setEarly, focus = false }: Props) {
  const w = words.value
  const [day, clock] = [useFocus<HTMLInputElement>(focus && form.allDay), useFocus<HTMLInputElement>(focus && !form.allDay)]
  const problem = useId()
  const told = useRef<HTMLParagraphElement>(null)
  // What saves may be far below it.
  useLayoutEffect(() => told.current?.scrollIntoView({ block: 'nearest' }), [isEarly])
  const wrong = isEarly ? { 'aria-invalid': true, 'aria-describedby': problem } : {}
  /** In our words and place, where the browser would say its own. */
  const refuse = (invalid: Event & { currentTarget: HTMLInputElement }) => {
    if (!invalid.currentTarget.validity.rangeUnderflow) return
    invalid.preventDefault()
    invalid.currentTarget.focus()
    setEarly(true)
  }
  return (
    <>
      <div class="when-row">
        <label>
          {w.starts}
          <input
            ref={day}
            type="date"
            required
            value={form.startDay}
            onInput={(input) => change(withStart(form, input.currentTarget.value, form.startTime))}
          />
        </label>
        {!form.allDay && (
          <input
            ref={clock}
            type="time"
            required
            aria-label={w.startTime}
            value={form.startTime}
            onInput={(input) => change(withStart(form, form.startDay, input.currentTarget.value))}
          />
        )}
      </div>
      <div class="when-row">
        <label>
          {w.endsAt}
          <input
            {...wrong}
            type="date"
            required
            min={form.allDay || form.zone === form.endZone ? form.startDay : undefined}
            value={form.endDay}
            onInvalid={refuse}
            onInput={(input) => change({ ...form, endDay: input.currentTarget.value })}
          />
        </label>
        {!form.allDay && (
          <input
            {...wrong}
            type="time"
            required
            aria-label={w.endTime}
            value={form.endTime}
            onInput={(input) => change({ ...form, endTime: input.currentTarget.value })}
          />
        )}
      </div>
      {isEarly && (
        <p id={problem} ref={told} class="problem" role="alert">
          {w.endsBeforeStart}
        </p>
      )}
    </>
  )
}
