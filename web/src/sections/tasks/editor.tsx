import { useState } from 'preact/hooks'
import { ProblemError, type Task } from '../../api/client'
import { RecurrenceFields } from '../../editor/recurrence-fields'
import { ReminderFields } from '../../editor/reminder-fields'
import { useBusy, useWriting } from '../../editor/use-writing'
import { editorWords } from '../../editor/words'
import { words } from '../../i18n'
import { explain } from '../../state/actions'
import { zone } from '../../state/session'
import { changeTask, removeTask, rereadTask } from '../../state/tasks'
import { keptWriting } from '../../state/writing'
import { CalendarChoices } from '../../ui/calendar-choices'
import { Conflict, differences } from '../../ui/conflict'
import { Dialog } from '../../ui/dialog'
import { Foot } from '../../ui/foot'
import { changesOf, formOf, levelOf, LEVELS, merged, priorityOf, withTime, type Level, type TaskForm } from './form'
import { told } from './tell'
import { taskWords } from './words'

/** What is kept until it is saved or let go of. */
interface Writing {
  base: Task
  form: TaskForm
}

/** All that a task can be told. What was typed stays until it is saved or let go of. */
export function Editor({ task, close }: { task: Task; close: () => void }) {
  const w = words.value
  const [again] = useState(() => keptWriting<Writing>(`task-${task.id}`))
  const [base, setBase] = useState(again?.base ?? task)
  const [form, setForm] = useState(() => again?.form ?? formOf(task, zone.value))
  const [theirs, setTheirs] = useState<Task | null>(null)
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useBusy()
  const isWritten = JSON.stringify(form) !== JSON.stringify(formOf(base, zone.value))
  const writing = useWriting(`task-${task.id}`, isWritten ? { base, form } : null, busy, close)
  const change = (part: Partial<TaskForm>) => setForm({ ...form, ...part })

  const save = async (from: Task, to: TaskForm) => {
    const patch = changesOf(formOf(from, zone.value), to)
    if (Object.keys(patch).length === 0) return writing.done()
    setBusy(true)
    setProblem('')
    try {
      await changeTask(from, patch)
      writing.done()
    } catch (error) {
      const isConflict = error instanceof ProblemError && error.status === 412
      const now = isConflict ? await rereadTask(from.id).catch(() => null) : null
      setTheirs(now)
      if (!now) setProblem(explain(error))
    } finally {
      setBusy(false)
    }
  }
  const settle = (now: Task, chosen: TaskForm) => {
    setBase(now)
    setForm(chosen)
    setTheirs(null)
  }
  const fresh = theirs && formOf(theirs, zone.value)
  const mine = fresh && merged(formOf(base, zone.value), form, fresh)

  return (
    <Dialog label={taskWords.value.editTask} onClose={writing.leave} class="editor" hasAddress>
      <form inert={busy} onSubmit={(submit) => (submit.preventDefault(), void save(base, form))}>
        {again && <p class="soft">{editorWords.value.again}</p>}
        <input
          class="title"
          aria-label={w.title}
          placeholder={w.title}
          maxLength={1000}
          required
          autofocus
          value={form.summary}
          onInput={(input) => change({ summary: input.currentTarget.value })}
        />
        <Due form={form} onChange={setForm} />
        <Choices form={form} change={change} />
        <label>
          {taskWords.value.notes}
          <textarea rows={3} value={form.description} onInput={(input) => change({ description: input.currentTarget.value })} />
        </label>
        <Foot problem={problem}>
          {theirs && fresh && mine && (
            <Conflict
              intro={taskWords.value.conflict}
              differing={differences(told(mine), told(fresh))}
              busy={busy}
              onMine={() => (settle(theirs, mine), void save(theirs, mine))}
              onTheirs={() => settle(theirs, fresh)}
            />
          )}
          {writing.question}
          <div class="buttons">
            <button type="button" class="apart" onClick={() => (writing.done(), void removeTask(base))}>
              {w.delete}
            </button>
            <button type="button" onClick={writing.leave}>
              {w.cancel}
            </button>
            <button type="submit" class="main" disabled={busy || theirs !== null}>
              {w.save}
            </button>
          </div>
        </Foot>
      </form>
    </Dialog>
  )
}

/** When it is due, and what hangs on that. */
function Due({ form, onChange }: { form: TaskForm; onChange: (form: TaskForm) => void }) {
  const w = taskWords.value
  const change = (part: Partial<TaskForm>) => onChange({ ...form, ...part })
  return (
    <>
      <div class="when-row">
        <label>
          {w.day}
          <input type="date" value={form.day} onInput={(input) => change({ day: input.currentTarget.value })} />
        </label>
        <label>
          {w.time}
          <input type="time" disabled={!form.day} value={form.time} onInput={(input) => onChange(withTime(form, input.currentTarget.value))} />
        </label>
      </div>
      {form.time && form.zone && form.zone !== zone.value && <p class="soft">{w.zone.replace('{zone}', form.zone.replaceAll('_', ' '))}</p>}
      {form.day ? (
        <>
          <RecurrenceFields repeat={form.repeat} kept={form.kept !== null} date={form.day} onChange={(repeat) => change({ repeat, kept: null })} />
          <ReminderFields form={{ ...form, allDay: !form.time }} change={({ useDefault, reminders }) => change({ ...(useDefault === undefined ? {} : { useDefault }), ...(reminders ? { reminders } : {}) })} />
        </>
      ) : (
        <p class="soft">{w.needsDay}</p>
      )}
    </>
  )
}

function Choices({ form, change }: { form: TaskForm; change: (part: Partial<TaskForm>) => void }) {
  const w = taskWords.value
  const choose = (level: Level) => level !== levelOf(form.priority) && change({ priority: priorityOf(level) })
  return (
    <div class="row">
      <label>
        {words.value.calendar}
        <select value={form.calendarId} onChange={(input) => change({ calendarId: input.currentTarget.value })}>
          <CalendarChoices />
        </select>
      </label>
      <label>
        {w.priority}
        <select value={levelOf(form.priority)} onChange={(input) => choose(input.currentTarget.value as Level)}>
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {w.levels[level]}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
