import { useEffect, useState } from 'preact/hooks'
import { zone } from '../../state/session'
import { dayOf, nowIn } from '../../time'
import { ComingItem } from './item'
import { byId, readComing, readRules, readWaiting } from './lists'
import { NoticesPanel } from './notices-panel'
import { StandingForm } from './standing-form'
import { byDay, dayText, type Reminder, type Rule } from './text'
import { useRead } from './use-read'
import { reminderWords } from './words'

const AFTER_MS = 2_000
const LONGEST_MS = 3_600_000

/** What will ring in the next 30 days, day by day. */
export function Coming() {
  const w = reminderWords.value
  const [pages, setPages] = useState(1)
  const [editing, setEditing] = useState<Reminder | 'new' | null>(null)
  const { value, failed, reload } = useRead(async () => {
    const [coming, waiting, rules] = await Promise.all([readComing(pages), readWaiting(), readRules()])
    return { ...coming, waiting, rules: byId(rules) }
  }, [pages])
  const first = value?.items[0]?.due
  useEffect(() => {
    if (!first) return
    const timer = setTimeout(() => void reload(), Math.min(LONGEST_MS, Math.max(0, Date.parse(first) - Date.now()) + AFTER_MS))
    return () => clearTimeout(timer)
  }, [first])
  return (
    <>
      <div class="lead">
        <p class="soft">{w.comingLead}</p>
        <button type="button" class="main" onClick={() => setEditing('new')}>
          {w.add}
        </button>
      </div>
      <Trouble failed={failed} reload={reload} />
      {!value && !failed && <p class="soft">{w.loading}</p>}
      {value && value.waiting.length > 0 && (
        <Group title={w.waiting} items={value.waiting} rules={value.rules} onEdit={setEditing} />
      )}
      {value && byDay(value.items, zone.value).map(([day, items]) => (
        <Group key={day} title={dayText(day, dayOf(nowIn(zone.value)))} items={items} rules={value.rules} onEdit={setEditing} />
      ))}
      {value && value.items.length + value.waiting.length === 0 && <p class="none">{w.comingEmpty}</p>}
      {value?.next && (
        <button type="button" class="further" onClick={() => setPages(pages + 1)}>
          {w.more}
        </button>
      )}
      <NoticesPanel />
      {editing && <StandingForm reminder={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </>
  )
}

interface GroupProps {
  title: string
  items: readonly Reminder[]
  rules: ReadonlyMap<string, Rule>
  onEdit: (reminder: Reminder) => void
}

function Group({ title, items, rules, onEdit }: GroupProps) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul class="reminder-list">
        {items.map((each) => (
          <ComingItem key={each.id} reminder={each} rules={rules} onEdit={onEdit} />
        ))}
      </ul>
    </section>
  )
}

/** That it could not be read, and the way to try again. */
export function Trouble({ failed, reload }: { failed: boolean; reload: () => Promise<void> }) {
  const w = reminderWords.value
  return (
    <div role="status">
      {failed && (
        <p class="problem">
          {w.failedRead}{' '}
          <button type="button" onClick={() => void reload()}>
            {w.again}
          </button>
        </p>
      )}
    </div>
  )
}
