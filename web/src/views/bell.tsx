import { useEffect } from 'preact/hooks'
import { wordsOf } from '../i18n'
import { followNotices } from '../state/notices'
import { afterPaint } from '../state/paint'
import { goToSection, pathOfSection } from '../state/route'
import { followUndelivered, undelivered } from '../state/undelivered'

const bellWords = wordsOf({
  en: { rings: 'What will ring', undelivered: 'What rang: some mails could not be delivered' },
  vi: { rings: 'Sắp nhắc gì', undelivered: 'Đã nhắc gì: có thư không gửi được' },
})

/** The way to the reminders; a dot says that some mail could not be delivered since somebody last looked. */
export function Bell() {
  const w = bellWords.value
  const isBad = undelivered.value
  const part = isBad ? 'past' : ''
  useEffect(() => {
    let ends: (() => void)[] | null = []
    afterPaint(() => ends && (ends = [followNotices(), followUndelivered()]))
    return () => {
      ends?.forEach((end) => end())
      ends = null
    }
  }, [])
  return (
    <a
      class={isBad ? 'bell bad' : 'bell'}
      href={pathOfSection({ name: 'reminders', part })}
      aria-label={isBad ? w.undelivered : w.rings}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        goToSection('reminders', part)
      }}
    >
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        <path
          d="M4.5 14h11l-1.2-2V8.5a4.3 4.3 0 0 0-8.6 0V12ZM8.5 16.6a1.8 1.8 0 0 0 3 0"
          fill="none"
          stroke="currentColor"
          stroke-width="1.8"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
    </a>
  )
}
