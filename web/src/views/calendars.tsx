import { useState } from 'preact/hooks'
import { words } from '../i18n'
import { explain } from '../state/actions'
import { flip } from '../state/calendars'
import { sayDeed } from '../state/deeds'
import { openCalendar } from '../state/open'
import { addCalendar, calendars, hidden } from '../state/session'
import { say } from '../state/toast'
import { useFocus } from '../ui/use-focus'
import { calendarWords } from './calendar-words'
import { COLORS, Swatches } from './swatches'

/** Which calendars are shown, and what can be done with each. */
export function Calendars() {
  const w = words.value
  const [adding, setAdding] = useState(false)
  return (
    <section>
      <div class="mini-head">
        <h2>{w.calendars}</h2>
        <button type="button" class="round" aria-label={w.newCalendar} aria-expanded={adding} onClick={() => setAdding(!adding)}>
          +
        </button>
      </div>
      {adding && <NewCalendar done={() => setAdding(false)} />}
      <ul class="calendars">
        {calendars.value.map((each) => (
          <li key={each.id}>
            <label style={{ '--color': each.color }}>
              <input type="checkbox" checked={!hidden.value.has(each.id)} onChange={() => flip(each.id)} />
              {each.name}
            </label>
            <button
              type="button"
              class="round"
              aria-label={calendarWords.value.options.replace('{name}', each.name)}
              onClick={(click) => openCalendar(each.id, click.currentTarget.getBoundingClientRect())}
            >
              ⋯
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function NewCalendar({ done }: { done: () => void }) {
  const w = words.value
  const [name, setName] = useState('')
  const field = useFocus<HTMLInputElement>()
  const [busy, setBusy] = useState(false)
  const [color, setColor] = useState(COLORS[calendars.value.length % COLORS.length]!)
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await addCalendar(name.trim(), color)
      sayDeed(w.added)
      done()
    } catch (error) {
      say(explain(error))
      setBusy(false)
    }
  }
  return (
    <form class="new-calendar" onSubmit={(event) => void save(event)}>
      <input ref={field} aria-label={w.name} placeholder={w.name} required maxLength={200} value={name} onInput={(input) => setName(input.currentTarget.value)} />
      <Swatches name="new-color" color={color} onChange={setColor} />
      <button type="submit" class="main" disabled={busy}>
        {w.save}
      </button>
    </form>
  )
}
