import { useEffect, useState } from 'preact/hooks'
import type { Calendar, Schemas } from '../api/client'
import { beforeText } from '../editor/reminder-fields'
import { words } from '../i18n'
import { explain } from '../state/actions'
import { changeCalendar, flip, isOnly, remindBefore, removeCalendar, ruleOf, showOnly } from '../state/calendars'
import type { Box } from '../state/open'
import { addCalendar, calendars, hidden } from '../state/session'
import { say } from '../state/toast'
import { Dialog } from '../ui/dialog'
import { calendarWords } from './calendar-words'
import { COLORS, Swatches } from './swatches'

/** Which calendars are shown, and what can be done with each. */
export function Calendars() {
  const w = words.value
  const [adding, setAdding] = useState(false)
  const [opened, setOpened] = useState<{ id: string; beside: Box } | null>(null)
  const shown = calendars.value.find((each) => each.id === opened?.id)
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
              onClick={(click) => setOpened({ id: each.id, beside: click.currentTarget.getBoundingClientRect() })}
            >
              ⋯
            </button>
          </li>
        ))}
      </ul>
      {opened && shown && <Options calendar={shown} beside={opened.beside} close={() => setOpened(null)} />}
    </section>
  )
}

function NewCalendar({ done }: { done: () => void }) {
  const w = words.value
  const [name, setName] = useState('')
  const [color, setColor] = useState(COLORS[calendars.value.length % COLORS.length]!)
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    try {
      await addCalendar(name.trim(), color)
      done()
    } catch (error) {
      say(explain(error))
    }
  }
  return (
    <form class="new-calendar" onSubmit={(event) => void save(event)}>
      <input aria-label={w.name} placeholder={w.name} required maxLength={200} value={name} autofocus onInput={(input) => setName(input.currentTarget.value)} />
      <Swatches name="new-color" color={color} onChange={setColor} />
      <button type="submit" class="main">
        {w.save}
      </button>
    </form>
  )
}

const BEFORE = [0, 5, 10, 15, 30, 60, 120, 1440]
const OTHER = 'other'

type Rule = Schemas['RuleResource']

/** What is chosen for a rule as it is: minutes, none, or one that a choice cannot show. */
function chosenOf(rule: Rule | null): number | null | typeof OTHER {
  if (!rule) return null
  const minutes = rule.triggers[0]?.minutesBefore
  return rule.triggers.length === 1 && minutes != null ? minutes : OTHER
}

function Options({ calendar, beside, close }: { calendar: Calendar; beside: Box; close: () => void }) {
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
      say(w.changed)
    })
  }
  const remove = () =>
    attempt(() =>
      removeCalendar(calendar, (undo) => ({ text: own.removed.replace('{name}', calendar.name), action: { label: w.undo, run: undo } })),
    )

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
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
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
        <div class="buttons">
          <button type="button" onClick={close}>
            {w.cancel}
          </button>
          <button type="submit" class="main">
            {w.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
