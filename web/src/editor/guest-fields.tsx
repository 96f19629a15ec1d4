import { useState } from 'preact/hooks'
import { words } from '../i18n'

/** Who else comes, by address. */
export function GuestFields({ guests, onChange }: { guests: readonly string[]; onChange: (guests: string[]) => void }) {
  const w = words.value
  const [text, setText] = useState('')
  const add = () => {
    const address = text.trim()
    if (!/^[^@\s]+@[^@\s]+$/.test(address)) return
    if (!guests.includes(address)) onChange([...guests, address])
    setText('')
  }
  return (
    <fieldset class="guests">
      <label>
        {w.guests}
        <input
          type="email"
          value={text}
          placeholder="name@example.org"
          onInput={(input) => setText(input.currentTarget.value)}
          onBlur={add}
          onKeyDown={(key) => key.key === 'Enter' && (key.preventDefault(), add())}
        />
      </label>
      <ul class="chips">
        {guests.map((each) => (
          <li key={each}>
            {each}
            <button type="button" aria-label={`${w.remove} ${each}`} onClick={() => onChange(guests.filter((other) => other !== each))}>
              ×
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  )
}
