import { useEffect, useRef } from 'preact/hooks'
import { words } from '../../i18n'
import { today } from '../../state/navigation'
import { calendars } from '../../state/session'
import { dueText } from '../../views/task-text'
import { changesOf, levelOf, type TaskForm } from './form'
import { taskWords } from './words'

interface Props {
  /** What was written here, over what is there now. */
  mine: TaskForm
  theirs: TaskForm
  onMine: () => void
  onTheirs: () => void
}

type Field = keyof typeof taskWords.value.field

/** It was changed elsewhere meanwhile: in what the two differ, and whose shall stand. */
export function Conflict({ mine, theirs, onMine, onTheirs }: Props) {
  const [w, own] = [words.value, taskWords.value]
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.scrollIntoView({ block: 'end' }), [])
  const differing = Object.keys(changesOf(theirs, mine)).filter((name): name is Field => name in own.field)
  return (
    <div ref={place} class="conflict task-conflict" role="alert">
      <p>{own.conflict}</p>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{w.mine}</th>
            <th scope="col">{w.theirs}</th>
          </tr>
        </thead>
        <tbody>
          {differing.map((name) => (
            <tr key={name}>
              <th scope="row">{own.field[name]}</th>
              <td>{shown(name, mine)}</td>
              <td>{shown(name, theirs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="buttons">
        <button type="button" onClick={onTheirs}>
          {w.takeTheirs}
        </button>
        <button type="button" onClick={onMine}>
          {w.keepMine}
        </button>
      </div>
    </div>
  )
}

function shown(name: Field, form: TaskForm): string {
  const [w, own] = [words.value, taskWords.value]
  const names = { DAILY: w.daily, WEEKLY: w.weekly, MONTHLY: w.monthly, YEARLY: w.yearly }
  switch (name) {
    case 'due':
      return form.day ? dueText(form.time ? `${form.day}T${form.time}:00` : form.day, today()) : own.noDue
    case 'calendarId':
      return calendars.value.find((each) => each.id === form.calendarId)?.name ?? ''
    case 'priority':
      return own.levels[levelOf(form.priority)]
    case 'recurrence':
      return form.kept ? w.repeatsKept : form.repeat ? names[form.repeat.frequency] : w.never
    case 'reminders':
      return form.useDefault ? w.useDefaults : String(form.reminders.length)
    default:
      return form[name]
  }
}
