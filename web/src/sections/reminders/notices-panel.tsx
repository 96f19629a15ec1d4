import { notices, turnOff, turnOn } from '../../state/notices'
import { reminderWords } from './words'

/** Whether this browser shows reminders; it is asked for the permission only when somebody turns them on. */
export function NoticesPanel() {
  const w = reminderWords.value
  const says = { on: w.noticesOn, off: w.noticesOff, refused: w.noticesRefused, none: w.noticesNone }[notices.value]
  return (
    <section class="notices" aria-label={w.noticesTitle}>
      <div>
        <h2>{w.noticesTitle}</h2>
        <p class="soft" role="status">
          {says}
        </p>
      </div>
      {notices.value === 'off' && (
        <button type="button" onClick={() => void turnOn()}>
          {w.turnOn}
        </button>
      )}
      {notices.value === 'on' && (
        <button type="button" class="plain" onClick={turnOff}>
          {w.turnOff}
        </button>
      )}
    </section>
  )
}
