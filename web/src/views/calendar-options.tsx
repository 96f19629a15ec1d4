import { useEffect, useState } from 'preact/hooks'
import type { Calendar, Schemas } from '../api/client'
import { beforeText } from '../editor/reminder-fields'
import { words } from '../i18n'
import { explain } from '../state/actions'
import { changeCalendar, isOnly, remindBefore, removeCalendar, ruleOf, showOnly } from '../state/calendars'
import { close, type Box } from '../state/open'
import { calendars } from '../state/session'
import { sayDeed } from '../state/deeds'
import { Dialog } from '../ui/dialog'
import { calendarWords } from './calendar-words'
import { SecretLink } from './secret-link'
import { Swatches } from './swatches'
import { Foot } from '../ui/foot'
import { SaveOrCancel } from '../ui/save-or-cancel'

const BEFORE = [0, 5, 10, 15, 30, 60, 120, 1440]
const OTHER = 'other'

type Rule = Schemas['RuleResource']

/** What is chosen for a rule as it is: minutes, none, or one that a choice cannot show. */
function chosenOf(rule: Rule | null): number | null | typeof OTHER {
  if (!rule) return null
  const minutes = rule.triggers[0]?.minutesBefore
  return rule.triggers.length === 1 && minutes != null ? minutes : OTHER
}

/** What can be done with a calendar. */
export function CalendarOptions({ id, beside }: { id: string; beside: Box }) {
  const calendar = calendars.value.find((each) => each.id === id)
  return calendar ? <Options key={id} calendar={calendar} beside={beside} /> : null
}

function Options({ calendar, beside }: { calendar: Calendar; beside: Box }) {
  const w = words.value
  const own = calendarWords.value
  const [name, setName] = useState(calendar.name)
  const [color, setColor] = useState(calendar.color)
  const [rule, setRule] = useState<Rule | null | undefined>(undefined)
  const [minutes, setMinutes] = useState<number | null | typeof OTHER>(null)
  const [problem, setProblem] = useState('')
  useEffect(() => {
    ruleOf(calendar.id).then(
      (found) => (setRule(found), setMinutes(chosenOf(found))),
      (error: unknown) => setProblem(explain(error)),
    )
  }, [])

  const attempt = async (deed: () => Promise<void>) => {
    try {
      await deed()
      close()
    } catch (error) {
      setProblem(explain(error))
    }
  }
  const save = (submit: SubmitEvent) => {
    submit.preventDefault()
    void attempt(async () => {
      if (name.trim() !== calendar.name || color !== calendar.color) await changeCalendar(calendar, { name: name.trim(), color })
      if (rule !== undefined && minutes !== OTHER && minutes !== chosenOf(rule)) await remindBefore(calendar, rule, minutes)
      sayDeed(w.changed)
    })
  }
  const remove = () => attempt(() => removeCalendar(calendar, own.removed.replace('{name}', calendar.name)))

  return (
    <Dialog label={own.edit.replace('{name}', calendar.name)} onClose={close} class="popover" beside={beside}>
      <form onSubmit={save}>
        <label>
          {w.name}
          <input required maxLength={200} value={name} onInput={(input) => setName(input.currentTarget.value)} />
        </label>
        <Swatches name="calendar-color" color={color} onChange={setColor} />
        <label>
          {own.remind}
          <select
            value={minutes ?? ''}
            disabled={rule === undefined}
            onChange={({ currentTarget: { value } }) => setMinutes(value === '' ? null : value === OTHER ? OTHER : Number(value))}
          >
            <option value="">{own.notAlso}</option>
            {chosenOf(rule ?? null) === OTHER && <option value={OTHER}>{own.otherRule}</option>}
            {[...new Set([...BEFORE, ...(typeof minutes === 'number' ? [minutes] : [])])].sort((one, other) => one - other).map((each) => (
              <option key={each} value={each}>
                {beforeText(each)}
              </option>
            ))}
          </select>
        </label>
        <SecretLink calendarId={calendar.id} />
        <div class="choices">
          {calendars.value.length > 1 && (
            <button type="button" onClick={() => (showOnly(calendar.id), close())}>
              {isOnly(calendar.id) ? own.showAll : own.onlyThis}
            </button>
          )}
          {calendar.primary ? (
            <p class="soft">{own.primary}</p>
          ) : (
            <button type="button" class="danger" onClick={() => void remove()}>
              {own.remove}
            </button>
          )}
        </div>
        <Foot problem={problem}>
          <SaveOrCancel onCancel={close} />
        </Foot>
      </form>
    </Dialog>
  )
}
