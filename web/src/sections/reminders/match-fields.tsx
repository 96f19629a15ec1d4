import { calendars } from '../../state/session'
import { withLength, type Length, type RuleForm } from './rule'
import { reminderWords } from './words'

/** What a rule is about; every part that is given must fit. */
export function MatchFields({ form, onChange }: { form: RuleForm; onChange: (form: RuleForm) => void }) {
  const w = reminderWords.value
  return (
    <fieldset aria-describedby="rule-match-problem">
      <legend>{w.ruleFor}</legend>
      <div class="row">
        <label>
          {w.kind}
          <select value={form.kind} onChange={(input) => onChange({ ...form, kind: input.currentTarget.value as RuleForm['kind'] })}>
            <option value="any">{w.kindAny}</option>
            <option value="event">{w.kindEvent}</option>
            <option value="task">{w.kindTask}</option>
          </select>
        </label>
        <label>
          {w.length}
          <select value={form.length} onChange={(input) => onChange(withLength(form, input.currentTarget.value as Length))}>
            <option value="any">{w.lengthAny}</option>
            <option value="allDay">{w.lengthAllDay}</option>
            <option value="timed">{w.lengthTimed}</option>
          </select>
        </label>
      </div>
      <label>
        {w.words}
        <input value={form.words} aria-describedby="rule-commas" onInput={(input) => onChange({ ...form, words: input.currentTarget.value })} />
      </label>
      <label>
        {w.categories}
        <input value={form.categories} aria-describedby="rule-commas" onInput={(input) => onChange({ ...form, categories: input.currentTarget.value })} />
      </label>
      <p class="hint" id="rule-commas">
        {w.commas}
      </p>
      <CalendarChoice chosen={form.calendarIds} onChange={(calendarIds) => onChange({ ...form, calendarIds })} />
    </fieldset>
  )
}

/** A calendar that is gone since may stay in a rule, and can be taken out of it. */
function CalendarChoice({ chosen, onChange }: { chosen: readonly string[]; onChange: (ids: string[]) => void }) {
  const w = reminderWords.value
  const known = new Set(calendars.value.map((each) => each.id))
  const gone = chosen.filter((id) => !known.has(id)).map((id) => ({ id, name: w.gone, color: 'var(--ink-soft)' }))
  const flip = (id: string) => onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id])
  return (
    <div class="calendar-choice" role="group" aria-labelledby="rule-calendars" aria-describedby="rule-calendars-hint">
      <h3 id="rule-calendars">{w.calendars}</h3>
      {[...calendars.value, ...gone].map((each) => (
        <label key={each.id} class="check" style={{ '--color': each.color }}>
          <input type="checkbox" checked={chosen.includes(each.id)} onChange={() => flip(each.id)} />
          {each.name}
        </label>
      ))}
      <p class="hint" id="rule-calendars-hint">
        {w.calendarsHint}
      </p>
    </div>
  )
}
