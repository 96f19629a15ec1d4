import { counted, words as common } from '../../i18n'
import { calendars } from '../../state/session'
import { ZoneField } from '../../ui/zone-field'
import type { Form } from './form'
import { words } from './words'

const LENGTHS = [15, 20, 30, 45, 60, 90, 120]
const BUFFERS = [0, 5, 10, 15, 30, 60]
const NOTICES = [0, 60, 120, 240, 720, 1440, 2880, 10080]
const HORIZONS = [7, 14, 30, 60, 90, 180, 366]

/** Minutes in words, in the largest unit that fits. */
function lengthText(minutes: number): string {
  const w = words.value
  if (minutes === 0) return w.none
  const [count, name] =
    minutes % 1440 === 0 ? ([minutes / 1440, w.days] as const) : minutes % 60 === 0 ? ([minutes / 60, w.hours] as const) : ([minutes, w.minutes] as const)
  return counted(name, count)
}

interface ChoiceProps {
  label: string
  value: number
  choices: readonly number[]
  text: (value: number) => string
  onChange: (value: number) => void
}

function Choice({ label, value, choices, text, onChange }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={(input) => onChange(Number(input.currentTarget.value))}>
        {[...new Set([...choices, value])]
          .sort((one, other) => one - other)
          .map((each) => (
            <option key={each} value={each}>
              {text(each)}
            </option>
          ))}
      </select>
    </label>
  )
}

/** Zone, length, buffers, notice, and what makes busy. */
export function Details({ form, change }: { form: Form; change: (part: Partial<Form>) => void }) {
  const w = words.value
  const days = (count: number) => counted(w.days, count)
  return (
    <fieldset>
      <legend>{w.details}</legend>
      <div class="choices-grid">
        <Choice label={w.slot} value={form.slotMinutes} choices={LENGTHS} text={lengthText} onChange={(slotMinutes) => change({ slotMinutes })} />
        <ZoneField label={w.zone} zone={form.timeZone} onChange={(timeZone) => change({ timeZone })} />
        <Choice label={w.before} value={form.bufferBefore} choices={BUFFERS} text={lengthText} onChange={(bufferBefore) => change({ bufferBefore })} />
        <Choice label={w.after} value={form.bufferAfter} choices={BUFFERS} text={lengthText} onChange={(bufferAfter) => change({ bufferAfter })} />
        <Choice label={w.notice} value={form.minimumNotice} choices={NOTICES} text={lengthText} onChange={(minimumNotice) => change({ minimumNotice })} />
        <Choice label={w.horizon} value={form.horizonDays} choices={HORIZONS} text={days} onChange={(horizonDays) => change({ horizonDays })} />
      </div>
      <Busy busy={form.busy} onChange={(busy) => change({ busy })} />
    </fieldset>
  )
}

function Busy({ busy, onChange }: { busy: readonly string[]; onChange: (busy: string[]) => void }) {
  const w = words.value
  const all = busy.length === 0
  const flip = (id: string) => onChange(busy.includes(id) ? busy.filter((each) => each !== id) : [...busy, id])
  return (
    <fieldset class="busy">
      <legend>{w.busy}</legend>
      <label class="check">
        <input type="radio" name="busy" checked={all} onChange={() => onChange([])} />
        {w.busyAll}
      </label>
      <label class="check">
        <input type="radio" name="busy" checked={!all} onChange={() => onChange(calendars.value.map((each) => each.id))} />
        {w.busySome}
      </label>
      {!all && (
        <ul aria-label={common.value.calendars}>
          {calendars.value.map((each) => (
            <li key={each.id}>
              <label class="check" style={{ '--color': each.color }}>
                <input
                  type="checkbox"
                  checked={busy.includes(each.id)}
                  disabled={busy.length === 1 && busy.includes(each.id)}
                  onChange={() => flip(each.id)}
                />
                {each.name}
              </label>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  )
}
