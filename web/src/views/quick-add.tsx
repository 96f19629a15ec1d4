import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { words } from '../i18n'
import { explain, sayDone } from '../state/actions'
import { beginDeed, during } from '../state/deeds'
import { refresh, wrote } from '../state/events'
import { lineOf } from '../state/lines'
import { go, route } from '../state/route'
import { offline, theApi, zone } from '../state/session'
import { loadTasks } from '../state/tasks'
import { say } from '../state/toast'
import { windowOf } from '../state/window'
import { dayOf, wallIn } from '../time'

const PAUSE_MS = 200

/** One sentence; what was understood stands below it while it is written. */
export function QuickAdd() {
  const w = words.value
  const line = lineOf('sentence')
  const { text } = line
  const [understood, setUnderstood] = useState<ComponentChildren>(null)

  useEffect(() => {
    setUnderstood(null)
    if (!text.trim() || offline.value) return
    let current = true
    const timer = setTimeout(() => {
      void Promise.all([ask(text, true), import('./understood')])
        .then(([{ data }, { Understood }]) => current && setUnderstood(<Understood told={data!} />))
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
        {understood}
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
