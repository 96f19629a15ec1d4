import { useEffect, useRef, useState } from 'preact/hooks'
import type { Schemas, TaskInput } from '../../api/client'
import { words } from '../../i18n'
import { firstCalendar, today } from '../../state/navigation'
import { offline, theApi, zone } from '../../state/session'
import { addTask } from '../../state/tasks'
import { narrow } from '../../state/screen'
import { wallIn } from '../../time'
import { dueText } from '../../views/task-text'
import { taskWords } from './words'

type Draft = Schemas['QuickDraft']
const PAUSE_MS = 200

/** One line makes a task: what was understood of it stands below while it is written. `waits`: something is before it. */
export function QuickAdd({ waits }: { waits: boolean }) {
  const w = taskWords.value
  const [text, setText] = useState('')
  const [draft, setDraft] = useState<Draft | null>(null)
  const [plain, setPlain] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (!narrow.value && !waits) field.current?.focus()
  }, [])
  useEffect(() => {
    setDraft(null)
    if (!text.trim() || plain || offline.value) return
    let current = true
    const timer = setTimeout(() => void understand(text).then((found) => current && setDraft(found)), PAUSE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text, plain])
  const write = (value: string) => {
    setText(value)
    if (!value) setPlain(false)
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!text.trim()) return
    const meant = plain ? null : (draft ?? (await understand(text)))
    if (await addTask(meant ? inputOf(meant) : { summary: text.trim() })) write('')
  }
  return (
    <form class="task-add" onSubmit={(event) => void submit(event)}>
      <input
        ref={field}
        id="task-add"
        aria-label={w.quickAdd}
        placeholder={w.quickAddHint}
        maxLength={500}
        value={text}
        onInput={(input) => write(input.currentTarget.value)}
        onKeyDown={(key) => {
          if (key.key === 'Escape') write('')
          if (key.key === 'ArrowDown') document.querySelector<HTMLElement>('.tasks .task-open')?.focus()
        }}
      />
      <button type="submit" class="main" disabled={!text.trim()}>
        {w.add}
      </button>
      <p role="status">
        {draft && (
          <>
            <b>{draft.summary}</b> <span>{factsOf(draft)}</span>
            {differs(draft, text) && (
              <button type="button" class="plain small" onClick={() => (setPlain(true), field.current?.focus())}>
                {w.asWritten}
              </button>
            )}
          </>
        )}
      </p>
    </form>
  )
}

/** What the server makes of a sentence; null where it cannot be asked or leaves no title: then that is all of it. */
async function understand(text: string): Promise<Draft | null> {
  try {
    const { data } = await theApi().POST('/v1/quick-add', { body: { text, dryRun: true } })
    return data!.draft.summary ? data!.draft : null
  } catch {
    return null
  }
}

/** A sentence that would be an event is a task here, due when that would begin. */
function inputOf(draft: Draft): TaskInput {
  const { summary, location, recurrence, reminders } = draft
  return { summary, due: draft.due ?? draft.start, location, recurrence, reminders, calendarId: firstCalendar() }
}

function factsOf(draft: Draft): string {
  const time = draft.due ?? draft.start
  const due = time ? dueText(wallIn(time, zone.value), today()) : ''
  return [due, draft.location, draft.recurrence.length ? words.value.repeating : ''].filter(Boolean).join(' · ')
}

function differs(draft: Draft, text: string): boolean {
  return draft.summary !== text.trim() || factsOf(draft) !== ''
}
