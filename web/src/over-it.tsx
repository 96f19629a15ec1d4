import { signal } from '@preact/signals'
import { Fragment, type ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { words } from './i18n'
import { question } from './state/actions'
import { close, open } from './state/open'
import { afterPaint } from './state/paint'
import { say } from './state/toast'

const loaded = signal<ComponentType | null>(null)

async function load(): Promise<void> {
  loaded.value ??= (await import('./opened')).Opened
}

/** The place of what opens over the calendar. It is fetched as soon as the calendar is seen, or earlier if it is wanted. */
export function OverIt() {
  const wanted = open.value !== null || question.value !== null
  useEffect(() => afterPaint(() => void load().catch(() => undefined)), [])
  useEffect(() => {
    if (!wanted || loaded.value) return
    load().catch(() => {
      close()
      question.value?.answer(null)
      say(words.value.offline)
    })
  }, [wanted])
  const Found = loaded.value ?? Fragment
  return <Found />
}
