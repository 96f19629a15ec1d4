import { useState } from 'preact/hooks'
import { locale, words } from '../../i18n'
import { explain } from '../../state/actions'
import { today } from '../../state/navigation'
import { calendars, zone } from '../../state/session'
import { say } from '../../state/toast'
import { wallOf } from '../../task-list'
import { wallIn } from '../../time'
import { dueText } from '../../views/task-text'
import { List } from './list'
import { restore, type TrashItem } from './restore'
import { trashWords } from './words'

const DAY_MS = 86_400_000

/** Something deleted: what it was, when it went, how long it stays, and its way back. */
export function Thing({ item, gone }: { item: TrashItem; gone: () => void }) {
  const w = trashWords.value
  const [busy, setBusy] = useState(item.job !== null)
  const name = nameOf(item)
  const bringBack = async (row: HTMLElement | null) => {
    setBusy(true)
    try {
      await restore(item)
      if (row?.contains(document.activeElement)) goOn(row)
      gone()
    } catch (error) {
      say(explain(error))
      setBusy(false)
    }
  }
  return (
    <li class="thing" style={{ '--color': colorOf(item) }}>
      <div class="line">
        <div>
          <span class="name">{name}</span>
          <span class="facts">{[w.kinds[item.kind], whenOf(item), w.deleted.replace('{when}', sayAt(item.deleted)), leftOf(item)].filter(Boolean).join(' · ')}</span>
        </div>
        <button
          type="button"
          class="restore"
          aria-disabled={busy}
          aria-label={w.restoreThis.replace('{thing}', name)}
          onClick={(click) => !busy && void bringBack(click.currentTarget.closest('li'))}
        >
          {busy ? w.restoring : w.restore}
        </button>
      </div>
      {item.kind === 'calendar' && <Along id={item.id} />}
    </li>
  )
}

/** What went along with a calendar is asked for when somebody wants to see it. */
function Along({ id }: { id: string }) {
  const [open, setOpen] = useState(false)
  const w = trashWords.value
  return (
    <details onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
      <summary>{w.with}</summary>
      {open && <List whole={id} empty={<p class="soft">{w.nothingWith}</p>} />}
    </details>
  )
}

function goOn(row: HTMLElement): void {
  const all = [...document.querySelectorAll<HTMLElement>('.trash .restore')].filter((each) => !row.contains(each))
  const next = all.find((each) => row.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING) ?? all.at(-1)
  ;(next ?? document.getElementById('calendar'))?.focus()
}

/** None for what was in a deleted calendar: it takes that one's. */
function colorOf({ event, task, calendar }: TrashItem): string | undefined {
  return calendar?.color ?? calendars.value.find((each) => each.id === (event ?? task)?.calendarId)?.color
}

function nameOf({ event, task, calendar }: TrashItem): string {
  return (event?.summary ?? task?.summary ?? calendar?.name) || words.value.noTitle
}

function whenOf({ event, task }: TrashItem): string {
  const wall = event ? wallIn(event.start, zone.value) : task ? wallOf(task, zone.value) : ''
  const repeats = (event ?? task)?.recurrence.length ? words.value.repeating : ''
  return [wall && dueText(wall, today()), repeats].filter(Boolean).join(', ')
}

function sayAt(instant: string): string {
  return dueText(wallIn({ dateTime: instant }, zone.value), today())
}

function leftOf({ expires }: TrashItem): string {
  const days = Math.ceil((Date.parse(expires) - Date.now()) / DAY_MS)
  const format = new Intl.NumberFormat(locale.value, { style: 'unit', unit: 'day', unitDisplay: 'long' })
  return days <= 1 ? trashWords.value.lastDay : trashWords.value.left.replace('{count}', format.format(days))
}
