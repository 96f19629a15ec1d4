import { notices } from '../../state/notices'
import { NoticesPanel } from './notices-panel'
import type { Channel } from './text'
import { reminderWords } from './words'

/** How it comes: by mail, or as a notification where the app is open. */
export function ChannelChoice({ value, onChange }: { value: Channel; onChange: (channel: Channel) => void }) {
  const w = reminderWords.value
  return (
    <label>
      {w.how}
      <select value={value} onChange={(input) => onChange(input.currentTarget.value as Channel)}>
        <option value="email">{w.mail}</option>
        <option value="browser">{w.browser}</option>
      </select>
    </label>
  )
}

/** Whoever chooses notifications is told here if they do not appear yet. */
export function NoticesHint({ channels }: { channels: readonly Channel[] }) {
  return channels.includes('browser') && notices.value !== 'on' ? <NoticesPanel /> : null
}
