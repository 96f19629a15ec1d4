import { useRef, useState } from 'preact/hooks'
import type { Task } from '../../api/client'
import { words } from '../../i18n'
import { lineOf, type Line } from '../../state/lines'
import { today } from '../../state/navigation'
import { goToSection } from '../../state/route'
import { calendars, colorOf, zone } from '../../state/session'
import { addTask, finishTask, removeTask, reopenTask } from '../../state/tasks'
import { isDone, isPast, wallOf, type Branch } from '../../task-list'
import { nowIn } from '../../time'
import { useFocus } from '../../ui/use-focus'
import { dueText, finishedText } from '../../views/task-text'
import { levelOf } from './form'
import { taskWords } from './words'

export function Tree({ branches }: { branches: readonly Branch[] }) {
  return (
    <ul>
      {branches.map((each) => (
        <Row key={each.task.id} branch={each} />
      ))}
    </ul>
  )
}

function Row({ branch: { task, parts } }: { branch: Branch }) {
  const w = taskWords.value
  const [adding, setAdding] = useState(false)
  const line = lineOf(`part of ${task.id}`)
  /** A part that could not be sent is shown again where it was written. */
  const isWriting = adding || line.text !== ''
  const plus = useRef<HTMLButtonElement>(null)
  const name = task.summary || words.value.noTitle
  const done = isDone(task)
  const close = () => {
    setAdding(false)
    line.write('')
    plus.current?.focus()
  }
  return (
    <li>
      <div class={done ? 'task done' : 'task'} data-task={task.id} style={{ '--color': colorOf.value(task.calendarId) }} onKeyDown={(key) => keysOf(key, task)}>
        <label class="tick">
          <input
            type="checkbox"
            checked={done}
            aria-label={words.value.finish.replace('{task}', name)}
            onChange={(input) => flip(task, input.currentTarget.closest<HTMLElement>('.task'))}
          />
        </label>
        <button type="button" class="task-open" onClick={() => goToSection('tasks', task.id)}>
          <span class="summary">{name}</span>
          <Facts task={task} />
        </button>
        {!done && (
          <button
            ref={plus}
            type="button"
            class="round"
            aria-label={w.addPart.replace('{task}', name)}
            aria-expanded={isWriting}
            onClick={() => (isWriting ? close() : setAdding(true))}
          >
            +
          </button>
        )}
      </div>
      {isWriting && <PartField parent={task} line={line} isAsked={adding} close={close} />}
      {parts.length > 0 && <Tree branches={parts} />}
    </li>
  )
}

function Facts({ task }: { task: Task }) {
  const wall = wallOf(task, zone.value)
  const level = levelOf(task.priority)
  const due = wall ? dueText(wall, today()) : ''
  const late = !isDone(task) && wall !== '' && isPast(wall, nowIn(zone.value))
  const rest = [
    task.recurrence.length ? words.value.repeating : '',
    level === 'none' ? '' : `${taskWords.value.priority}: ${taskWords.value.levels[level]}`,
    calendars.value.find((each) => each.id === task.calendarId && !each.primary)?.name ?? '',
  ].filter(Boolean)
  if (!due && rest.length === 0) return null
  return (
    <span class="facts">
      {due && <span class={late ? 'late' : ''}>{due}</span>}
      {due && rest.length > 0 && ' · '}
      {rest.join(' · ')}
    </span>
  )
}

interface PartFieldProps {
  parent: Task
  line: Line
  /** Somebody wants to write here just now. */
  isAsked: boolean
  close: () => void
}

/** One part after another is written, until Esc or an empty line. */
function PartField({ parent, line, isAsked, close }: PartFieldProps) {
  const { text } = line
  const field = useFocus<HTMLInputElement>(isAsked)
  const sending = useRef(0)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    // Enter twice is one Enter: the field may be empty only because its line is on the way.
    if (!text.trim()) return sending.current ? undefined : close()
    sending.current += 1
    await line.submit((summary) => addTask({ summary: summary.trim(), parentId: parent.id, calendarId: parent.calendarId }))
    sending.current -= 1
  }
  return (
    <form class="task-part" onSubmit={(event) => void submit(event)}>
      <input
        ref={field}
        aria-label={taskWords.value.addPart.replace('{task}', parent.summary)}
        placeholder={taskWords.value.part}
        maxLength={1000}
        value={text}
        onInput={(input) => line.write(input.currentTarget.value)}
        onKeyDown={(key) => key.key === 'Escape' && close()}
      />
    </form>
  )
}

/** Tick off, or open again; the keyboard goes on at the next task, as this one leaves its place. */
function flip(task: Task, row: HTMLElement | null): void {
  if (isDone(task)) return void reopenTask(task)
  if (row?.contains(document.activeElement)) goOn(row, document.activeElement!.matches('input') ? 'input' : '.task-open')
  void finishTask(task, finishedText)
}

function rowsAround(row: HTMLElement): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('.section .task')].filter((each) => each === row || !row.parentElement!.contains(each))
}

/** To the task behind or before, of the same group if that has another. */
function goOn(row: HTMLElement, to: string): void {
  const all = rowsAround(row)
  const near = all.filter((each) => each.closest('.group') === row.closest('.group'))
  const rows = near.length > 1 ? near : all
  const at = rows.indexOf(row)
  const next = (rows[at + 1] ?? rows[at - 1])?.querySelector<HTMLElement>(to) ?? document.getElementById('task-add')
  next?.focus()
}

/** Arrows go from task to task, Space ticks off, Enter opens, Delete removes. */
function keysOf(key: KeyboardEvent, task: Task): void {
  const row = key.currentTarget as HTMLElement
  const target = key.target as HTMLElement
  if (key.ctrlKey || key.metaKey || key.altKey || target.matches('.round')) return
  const does: Record<string, () => void> = {
    ArrowDown: () => step(row, target, 1),
    ArrowUp: () => step(row, target, -1),
    ' ': () => flip(task, row),
    Enter: () => goToSection('tasks', task.id),
    Delete: () => (goOn(row, '.task-open'), void removeTask(task)),
  }
  if (!does[key.key]) return
  key.preventDefault()
  does[key.key]!()
}

function step(row: HTMLElement, target: HTMLElement, by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.section .task')]
  rows[rows.indexOf(row) + by]?.querySelector<HTMLElement>(target.matches('input') ? 'input' : '.task-open')?.focus()
}
