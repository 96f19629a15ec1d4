import { useEffect, useState } from 'preact/hooks'
import type { Schemas } from '../api/client'
import { locale, words } from '../i18n'
import { formatOf } from '../i18n/format'
import { explain } from '../state/actions'
import { refresh } from '../state/events'
import { go, route } from '../state/route'
import { offline, theApi, zone } from '../state/session'
import { loadTasks } from '../state/tasks'
import { say } from '../state/toast'
import { windowOf } from '../state/window'
import { dayOf, minutesOf, printable, wallIn } from '../time'
import { timeText } from './event-text'

type Understood = Schemas['QuickAdded']
const PAUSE_MS = 200

/** One sentence; what was understood stands below it while it is written. */
export function QuickAdd() {
  const w = words.value
  const [text, setText] = useState('')
  const [understood, setUnderstood] = useState<Understood | null>(null)

  useEffect(() => {
    setUnderstood(null)
    if (!text.trim() || offline.value) return
    let current = true
    const timer = setTimeout(() => {
      void read(text, true)
        .then((found) => current && setUnderstood(found))
        .catch(() => undefined)
    }, PAUSE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!text.trim()) return
    try {
      const made = await read(text, false)
      setText('')
      const start = made.event?.start
      if (start) go({ date: dayOf(wallIn(start, zone.value)) })
      const { from, to } = windowOf(route.value)
      await (made.task ? loadTasks() : refresh(from, to))
      say(w.added)
    } catch (error) {
      say(explain(error))
    }
  }

  return (
    <form class="quick-add" onSubmit={(event) => void submit(event)}>
      <input
        aria-label={w.quickAddKey}
        placeholder={w.quickAdd}
        value={text}
        maxLength={500}
        aria-describedby="understood"
        onInput={(input) => setText(input.currentTarget.value)}
        onKeyDown={(key) => key.key === 'Escape' && key.currentTarget.blur()}
      />
      <div class="understood" id="understood" role="status">
        {understood && <Preview understood={understood} />}
      </div>
    </form>
  )
}

async function read(text: string, dryRun: boolean): Promise<Understood> {
  const { data } = await theApi().POST('/v1/quick-add', { body: { text, dryRun } })
  return data!
}

function Preview({ understood: { draft, kind } }: { understood: Understood }) {
  const w = words.value
  const time = draft.start ?? draft.due
  const facts = [kind === 'task' ? w.task : '', time ? whenText(wallIn(time, zone.value)) : '', draft.location, draft.recurrence.length ? w.repeating : '']
  return (
    <>
      <b>{draft.summary}</b> {facts.filter(Boolean).join(' · ')}
    </>
  )
}

function whenText(wall: string): string {
  const day = formatOf(locale.value, { weekday: 'short', day: 'numeric', month: 'short' })
  const text = day.format(printable(dayOf(wall)))
  return wall.length > 10 ? `${text}, ${timeText(minutesOf(wall))}` : text
}
