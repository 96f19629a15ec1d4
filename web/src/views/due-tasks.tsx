import type { Task } from '../api/client'
import { words } from '../i18n'
import { goToSection } from '../state/route'
import { colorOf, zone } from '../state/session'
import { finishTask, reopenTask, tasksOn } from '../state/tasks'
import { isDone, wallOf } from '../task-list'
import { addDays, minutesOf } from '../time'
import { briefText, timeText } from './event-text'
import { finishedText } from './task-text'

/** Tasks among the events, each on the day when it is due. They are drawn by components of their own: a tick draws no event anew. */

/** In the strip above the hours: each falls into the first free place of its day. */
export function StripTasks({ from, days }: { from: string; days: number }) {
  const dates = Array.from({ length: days }, (_, index) => addDays(from, index))
  return <>{dates.map((date, index) => tasksOn(date).map((each) => <DueTask key={each.id} task={each} style={{ gridColumn: index + 1 }} />))}</>
}

/** In a week of the month: as many as there are lanes that no event takes. */
export function WeekTasks({ first, free }: { first: string; free: readonly number[][] }) {
  return (
    <>
      {free.map((lanes, index) =>
        tasksOn(addDays(first, index)).slice(0, lanes.length).map((each, at) => (
          <DueTask key={each.id} task={each} style={{ gridColumn: index + 1, gridRow: lanes[at]! + 2 }} />
        )),
      )}
    </>
  )
}

/** In the lines of a day. */
export function DueLine({ task }: { task: Task }) {
  return <DueTask task={task} isLine />
}

/** Where it stands among them, in minutes: what has no time is above all else. */
export function dueAt(task: Task): number {
  const wall = wallOf(task, zone.value)
  return wall.length > 10 ? minutesOf(wall) : -2
}

interface Props {
  task: Task
  style?: Record<string, string | number>
  isLine?: boolean
}

function DueTask({ task, style = {}, isLine = false }: Props) {
  const name = task.summary || words.value.noTitle
  const wall = wallOf(task, zone.value)
  const time = wall.length > 10 ? (isLine ? timeText : briefText)(minutesOf(wall)) : ''
  const done = isDone(task)
  return (
    <div class={['due-task', isLine && 'due-line', done && 'done'].filter(Boolean).join(' ')} style={{ ...style, '--color': colorOf.value(task.calendarId) }}>
      <label class="tick">
        <input
          type="checkbox"
          checked={done}
          aria-label={words.value.finish.replace('{task}', name)}
          onChange={() => void (done ? reopenTask(task) : finishTask(task, finishedText))}
        />
      </label>
      <button type="button" onClick={() => openTask(task.id)}>
        <span class="summary">{name}</span> {(time || isLine) && <span class="when">{time}</span>}
      </button>
    </div>
  )
}

export function openTask(id: string): void {
  goToSection('tasks', id)
}
