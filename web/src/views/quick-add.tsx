import { useEffect, useState } from 'preact/hooks'
import type { Schemas } from '../api/client'
import { locale, words } from '../i18n'
import { formatOf } from '../i18n/format'
import { explain, sayDone } from '../state/actions'
import { beginDeed, during } from '../state/deeds'
import { refresh, wrote } from '../state/events'
import { lineOf } from '../state/lines'
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
  const line = lineOf('sentence')
  const { text } = line
  const [understood, setUnderstood] = useState<Understood | null>(null)

  useEffect(() => {
    setUnderstood(null)
    if (!text.trim() || offline.value) return
    let current = true
    const timer = setTimeout(() => {
      void ask(text, true)
        .then(({ data }) => current && setUnderstood(data!))
        .catch(() => undefined)
    }, PAUSE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (text.trim()) void line.submit(add)
  }

  return (
    <form class="quick-add" onSubmit={submit}>
      <input
        aria-label={w.quickAddKey}
        placeholder={w.quickAdd}
        value={text}
        maxLength={500}
        aria-describedby="understood"
        onInput={(input) => line.write(input.currentTarget.value)}
        onKeyDown={(key) => key.key === 'Escape' && key.currentTarget.blur()}
      />
      <div class="understood" id="understood" role="status">
        {understood && <Preview understood={understood} />}
      </div>
    </form>
  )
}

/** Make what a sentence says and show it; whether it was made. */
function add(text: string): Promise<boolean> {
  return during(adding(text))
}

async function adding(text: string): Promise<boolean> {
  let isMade = false
  const deed = beginDeed()
  try {
    const { data, response } = await ask(text, false)
    const made = data!
    isMade = true
    wrote()
    sayDone(response, words.value.added, deed)
    const start = made.event?.start
    if (start) go({ date: dayOf(wallIn(start, zone.value)) })
    const { from, to } = windowOf(route.value)
    // It is done, whether or not it can be read again just now.
    await (made.task ? loadTasks() : refresh(from, to)).catch(() => undefined)
  } catch (error) {
    say(explain(error))
  }
  return isMade
}

function ask(text: string, dryRun: boolean) {
  return theApi().POST('/v1/quick-add', { body: { text, dryRun } })
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
