import { useId } from 'preact/hooks'
import { words } from '../i18n'
import { withGuest, type Form } from './form'
import { editorWords } from './words'

/** Who else comes, by address. One that is written but not yet added counts when the form is saved. */
export function GuestFields({ form, change }: { form: Form; change: (part: Partial<Form>) => void }) {
  const w = words.value
  const id = useId()
  return (
    <fieldset class="guests">
      <label>
        {w.guests}
        <input
          type="email"
          aria-describedby={id}
          value={form.guest}
          placeholder="name@example.org"
          onInput={(input) => change({ guest: input.currentTarget.value })}
          onKeyDown={(key) => key.key === 'Enter' && form.guest && (key.preventDefault(), change(withGuest(form)))}
        />
      </label>
      <p class="soft" id={id}>
        {editorWords.value.guestsKept}
      </p>
      <ul class="chips">
        {form.guests.map((each) => (
          <li key={each}>
            {each}
            <button
              type="button"
              aria-label={`${w.remove} ${each}`}
              onClick={() => change({ guests: form.guests.filter((other) => other !== each) })}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  )
}
