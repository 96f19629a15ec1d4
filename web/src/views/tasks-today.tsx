import { useEffect } from 'preact/hooks'
import type { Task } from '../api/client'
import { words } from '../i18n'
import { explain } from '../state/actions'
import { changes } from '../state/changes'
import { today } from '../state/navigation'
import { colorOf, zone } from '../state/session'
import { finishTask, loadTasks, tasks } from '../state/tasks'
import { say } from '../state/toast'
import { dueByToday, isPast, wallOf } from '../task-list'
import { nowIn } from '../time'
import { openTask } from './due-tasks'
import { dueText, finishedText } from './task-text'

const SHOWN = 5

/** What is due today or was before, below the calendars. */
export function TasksToday() {
  const w = words.value
  const seen = changes.value
  useEffect(() => void loadTasks().catch((error: unknown) => say(explain(error))), [seen])
  if (!tasks.value) return null
  const due = dueByToday(tasks.value, nowIn(zone.value), zone.value)
  return (
    <section class="due-today" aria-labelledby="due-today">
      <div class="mini-head">
        <h2 id="due-today">{w.dueToday}</h2>
        <button type="button" class="round" aria-label={w.allTasks} onClick={() => openTask('')}>
          ›
        </button>
      </div>
      {due.length === 0 && <p class="soft">{w.nothingDue}</p>}
      <ul>
        {due.slice(0, SHOWN).map((each) => (
          <Line key={each.id} task={each} />
        ))}
      </ul>
      {due.length > SHOWN && (
        <button type="button" class="plain small more" onClick={() => openTask('')}>
          {w.andMore.replace('{count}', String(due.length - SHOWN))}
        </button>
      )}
    </section>
  )
}

function Line({ task }: { task: Task }) {
  const name = task.summary || words.value.noTitle
  const wall = wallOf(task, zone.value)
  return (
    <li style={{ '--color': colorOf.value(task.calendarId) }}>
      <label class="tick">
        <input
          type="checkbox"
          checked={false}
          aria-label={words.value.finish.replace('{task}', name)}
          onChange={() => void finishTask(task, finishedText)}
        />
      </label>
      <button type="button" onClick={() => openTask(task.id)}>
        <span class="summary">{name}</span> {isPast(wall, nowIn(zone.value)) && <span class="late">{dueText(wall, today())}</span>}
      </button>
    </li>
  )
}
