import { useEffect, useState } from 'preact/hooks'
import type { Schemas, TaskInput } from '../../api/client'
import { words } from '../../i18n'
import { lineOf } from '../../state/lines'
import { firstCalendar, today } from '../../state/navigation'
import { offline, theApi, zone } from '../../state/session'
import { addTask } from '../../state/tasks'
import { narrow } from '../../state/screen'
import { wallIn } from '../../time'
import { useFocus } from '../../ui/use-focus'
import { dueText } from '../../views/task-text'
import { taskWords } from './words'

type Draft = Schemas['QuickDraft']
const PAUSE_MS = 200

/** One line makes a task: what was understood of it stands below while it is written. `waits`: something is before it. */
export function QuickAdd({ waits }: { waits: boolean }) {
  const w = taskWords.value
  const line = lineOf('task')
  const { text } = line
  const [understood, setUnderstood] = useState<{ text: string; draft: Draft | null } | null>(null)
  const [plain, setPlain] = useState(false)
  const [isFirst] = useState(!narrow.value && !waits)
  const field = useFocus<HTMLInputElement>(isFirst)
  /** What was understood of an earlier text says nothing of this one. */
  const draft = understood?.text === text && !plain ? understood.draft : null
  useEffect(() => {
    if (!text.trim() || plain || offline.value) return
    let current = true
    const timer = setTimeout(() => void understand(text).then((found) => current && setUnderstood({ text, draft: found })), PAUSE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text, plain])
  const write = (value: string) => {
    line.write(value)
    if (!value) setPlain(false)
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!text.trim()) return
    setPlain(false)
    const done = await line.submit(async (written) => {
      const meant = plain ? null : (draft ?? (await understand(written)))
      return addTask(meant ? inputOf(meant) : { summary: written.trim() })
    })
    if (!done) setPlain(plain)
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
