import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { zone } from '../../state/session'
import { dayOf, minutesOf } from '../../time'
import { timeText } from '../../views/event-text'
import { deleteStanding, dismiss, openSubject } from './deeds'
import { SnoozeDialog } from './snooze'
import { channelText, filled, momentText, outcomeText, reasonText, wallOf, whyText, type Reminder, type Rule } from './text'
import { reminderWords } from './words'

interface ItemProps {
  reminder: Reminder
  rules: ReadonlyMap<string, Rule>
}

/** One that is to ring: when, of what, why, and what can be done with it. */
export function ComingItem({ reminder, rules, onEdit }: ItemProps & { onEdit: (reminder: Reminder) => void }) {
  const w = reminderWords.value
  const isWaiting = reminder.status === 'sending'
  const isItself = reminder.cause === 'itself' && !isWaiting
  const why = isWaiting ? [reminder.channel === 'browser' ? w.waitsForApp : reasonText(reminder.error)] : []
  return (
    <Line reminder={reminder} tells={[...why, ...whyText(reminder, rules, zone.value)]}>
      {isItself ? (
        <>
          <Deed label={w.edit} reminder={reminder} run={() => onEdit(reminder)} />
          <Deed label={w.delete} reminder={reminder} run={() => void deleteStanding(reminder)} />
        </>
      ) : (
        <>
          <Snooze reminder={reminder} />
          <Deed label={w.dismiss} reminder={reminder} run={() => void dismiss(reminder)} />
        </>
      )}
    </Line>
  )
}

/** One that was to ring: what became of it, and why it was to. */
export function PastItem({ reminder, rules }: ItemProps) {
  const { word, tells } = outcomeText(reminder, zone.value)
  const again = reminder.status === 'sent' || reminder.status === 'failed'
  return (
    <Line reminder={reminder} tells={[...tells, ...whyText(reminder, rules, zone.value)]} outcome={word}>
      {again && <Snooze reminder={reminder} />}
    </Line>
  )
}

interface LineProps {
  reminder: Reminder
  tells: readonly string[]
  outcome?: string
  children: ComponentChildren
}

function Line({ reminder, tells, outcome, children }: LineProps) {
  const w = reminderWords.value
  const text = reminder.text || w.untitled
  return (
    <li class={`reminder ${reminder.status}`}>
      <time dateTime={reminder.due}>{timeText(minutesOf(wallOf(reminder.due, zone.value)))}</time>
      <div class="about">
        {reminder.eventId ? (
          <button
            type="button"
            class="subject"
            aria-label={filled(w.open, { text })}
            onClick={(click) => void openSubject(reminder, click.currentTarget.getBoundingClientRect())}
          >
            {text}
          </button>
        ) : (
          <span class="subject">{text}</span>
        )}
        <p class="tells">
          {outcome && <b>{outcome}</b>}
          <span>{channelText(reminder.channel)}</span>
          {tells.filter(Boolean).map((each) => (
            <span key={each}>{each}</span>
          ))}
        </p>
      </div>
      <div class="deeds">{children}</div>
    </li>
  )
}

/** A button whose name also says what it is about. */
function Deed({ label, reminder, run }: { label: string; reminder: Reminder; run: () => void }) {
  return (
    <button type="button" class="plain small" aria-label={`${label}: ${nameOf(reminder)}`} onClick={run}>
      {label}
    </button>
  )
}

function Snooze({ reminder }: { reminder: Reminder }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Deed label={reminderWords.value.snooze} reminder={reminder} run={() => setOpen(true)} />
      {open && <SnoozeDialog reminder={reminder} onClose={() => setOpen(false)} />}
    </>
  )
}

function nameOf(reminder: Reminder): string {
  const wall = wallOf(reminder.due, zone.value)
  return `${reminder.text || reminderWords.value.untitled}, ${momentText(wall, dayOf(wall))}`
}
