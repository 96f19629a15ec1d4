import { useEffect, useState } from 'preact/hooks'
import { ProblemError, type Task } from '../../api/client'
import { words } from '../../i18n'
import { explain } from '../../state/actions'
import { leavePart } from '../../state/route'
import { zone } from '../../state/session'
import { loadTasks, rereadTask, tasks } from '../../state/tasks'
import { say } from '../../state/toast'
import { grouped, GROUPS } from '../../task-list'
import { nowIn } from '../../time'
import { Editor } from './editor'
import { QuickAdd } from './quick-add'
import { Tree } from './row'
import './tasks.css'
import { taskWords } from './words'

const MINUTE_MS = 60_000

/** The tasks of somebody by when they are due; the address may name one, which is then open. */
export default function Section({ part }: { part: string }) {
  const [, again] = useState(0)
  useEffect(() => {
    loadTasks(true).catch((error: unknown) => say(explain(error)))
    const timer = setInterval(() => again((count) => count + 1), MINUTE_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <div class="tasks">
      <QuickAdd waits={part !== ''} />
      {tasks.value ? <Groups listed={tasks.value} /> : <p class="soft">{words.value.loading}</p>}
      {part && <Opened key={part} id={part} />}
    </div>
  )
}

function Groups({ listed }: { listed: readonly Task[] }) {
  const w = taskWords.value
  const groups = grouped(listed, nowIn(zone.value), zone.value)
  const shown = GROUPS.filter((name) => groups.get(name)!.length > 0)
  const isEmpty = shown.every((name) => name === 'done')
  return (
    <>
      {isEmpty && <Nothing />}
      {shown.map((name) => (
        <section key={name} class={`group group-${name}`} aria-labelledby={`tasks-${name}`}>
          <h2 id={`tasks-${name}`}>
            {w[name]} <span class="count">{groups.get(name)!.length}</span>
          </h2>
          <Tree branches={groups.get(name)!} />
        </section>
      ))}
      {!isEmpty && <p class="soft hint">{w.hint}</p>}
    </>
  )
}

function Nothing() {
  const w = taskWords.value
  return (
    <div class="empty">
      <p>{w.nothing}</p>
      <button type="button" onClick={() => document.getElementById('task-add')?.focus()}>
        {w.first}
      </button>
    </div>
  )
}

const close = () => leavePart('tasks')

/** The dialog of a task as it was when it was opened: what changes meanwhile is told when it is saved. */
function Opened({ id }: { id: string }) {
  const [task, setTask] = useState(tasks.value?.find((each) => each.id === id) ?? null)
  useEffect(() => {
    if (task) return
    rereadTask(id).then(setTask, (error: unknown) => {
      say(error instanceof ProblemError && error.status === 404 ? taskWords.value.gone : explain(error))
      close()
    })
  }, [])
  return task && <Editor task={task} close={close} />
}
