import { useEffect, useState } from 'preact/hooks'
import type { EventResource, Task } from '../api/client'
import { locale, words } from '../i18n'
import { formatOf } from '../i18n/format'
import { explain } from '../state/actions'
import { shownOf } from '../state/events'
import { findEvents } from '../state/found'
import { close, openEvent } from '../state/open'
import { go } from '../state/route'
import { colorOf, zone } from '../state/session'
import { tasks } from '../state/tasks'
import { isDone, wallOf } from '../task-list'
import { dayOf, printable } from '../time'
import { Dialog } from '../ui/dialog'
import { hasWords } from '../words-in'
import { openTask } from './due-tasks'

const PAUSE_MS = 150
const MOST_TASKS = 10

/** Search as you type: what is to come first, then what was. */
export function Search() {
  const w = words.value
  const [text, setText] = useState('')
  const [found, setFound] = useState<EventResource[] | null>(null)
  const [problem, setProblem] = useState('')

  useEffect(() => {
    if (!text.trim()) return setFound(null)
    let current = true
    const timer = setTimeout(async () => {
      try {
        const events = await findEvents(text)
        if (!current) return
        setFound(events)
        setProblem('')
      } catch (error) {
        if (current) setProblem(explain(error))
      }
    }, PAUSE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])

  const due = found && text.trim() ? tasksWith(text) : []
  return (
    <Dialog label={w.search} onClose={close} class="search">
      <input type="search" aria-label={w.search} placeholder={w.searchHint} value={text} autofocus onInput={(input) => setText(input.currentTarget.value)} />
      {problem && <p class="problem">{problem}</p>}
      <p class="soft" role="status">
        {found?.length === 0 && due.length === 0 ? w.nothingFound : ''}
      </p>
      <ul>
        {due.map((task) => (
          <li key={task.id}>
            <TaskHit task={task} />
          </li>
        ))}
        {found?.map((event) => (
          <li key={event.id}>
            <Hit event={event} />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

/** The tasks are all here, so they are looked through here: the open ones first. */
function tasksWith(text: string): Task[] {
  const found = (tasks.value ?? []).filter((each) => hasWords([each.summary, each.description], text))
  return found.sort((one, other) => Number(isDone(one)) - Number(isDone(other))).slice(0, MOST_TASKS)
}

function TaskHit({ task }: { task: Task }) {
  const wall = wallOf(task, zone.value)
  return (
    <button
      type="button"
      class={isDone(task) ? 'agenda-line past' : 'agenda-line'}
      style={{ '--color': colorOf.value(task.calendarId) }}
      onClick={() => (close(), openTask(task.id))}
    >
      <span class="when">{wall && dateText(wall)}</span>
      <span class="summary">{task.summary || words.value.noTitle}</span>
      <span class="where">{words.value.task}</span>
    </button>
  )
}

function dateText(wall: string): string {
  return formatOf(locale.value, { dateStyle: 'medium' }).format(printable(dayOf(wall)))
}

function Hit({ event }: { event: EventResource }) {
  const shown = shownOf(event, zone.value)
  return (
    <button
      type="button"
      class="agenda-line"
      style={{ '--color': event.color ?? colorOf.value(event.calendarId) }}
      onClick={(click) => {
        const box = click.currentTarget.getBoundingClientRect()
        go({ date: dayOf(shown.start) })
        openEvent(shown, box)
      }}
    >
      <span class="when">{dateText(shown.start)}</span>
      <span class="summary">{event.summary || words.value.noTitle}</span>
      {event.location && <span class="where">{event.location}</span>}
    </button>
  )
}
