import { useEffect, useState } from 'preact/hooks'
import type { Schemas } from '../../api/client'
import { explain } from '../../state/actions'
import { counted } from '../../i18n'
import { theApi, zone } from '../../state/session'
import { dayOf, minutesOf, nowIn } from '../../time'
import { timeText } from '../../views/event-text'
import type { RuleInput } from './rule'
import { channelText, dayText, filled, wallOf } from './text'
import { reminderWords } from './words'

type Preview = Schemas['PreviewResource']

interface Shown {
  items: readonly Preview[]
  more: boolean
}

const PAUSE_MS = 300
const MOST = 50

/** What the next 30 days would be with a rule, as it is being written. */
export function RulePreview({ input, ruleId }: { input: RuleInput | null; ruleId: string | null }) {
  const w = reminderWords.value
  const [shown, setShown] = useState<Shown | null>(null)
  const [problem, setProblem] = useState('')
  const asked = input && JSON.stringify({ ...input, name: 'preview', enabled: true })
  useEffect(() => {
    if (!asked) return
    let current = true
    const timer = setTimeout(() => {
      read(JSON.parse(asked) as RuleInput, ruleId).then(
        (found) => current && (setShown(found), setProblem('')),
        (error: unknown) => current && setProblem(explain(error)),
      )
    }, PAUSE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [asked, ruleId])
  return (
    <section class="rule-preview" aria-label={w.preview}>
      <h2>{w.preview}</h2>
      <p class={problem ? 'problem' : 'soft'} role="status">
        {problem || (asked && shown ? countText(shown, input.triggers.length === 0) : w.previewWait)}
      </p>
      {input?.enabled === false && <p class="soft">{w.previewOff}</p>}
      {asked && shown && <Days items={shown.items} />}
    </section>
  )
}

async function read(body: RuleInput, ruleId: string | null): Promise<Shown> {
  const query = { limit: MOST, ...(ruleId ? { ruleId } : {}) }
  const { data } = await theApi().POST('/v1/reminder-rules/preview', { params: { query }, body } as never)
  const { items, nextCursor } = data as unknown as Schemas['PreviewList']
  return { items, more: nextCursor !== null }
}

function countText({ items, more }: Shown, silences: boolean): string {
  const w = reminderWords.value
  const count = items.length
  if (count === 0) return silences ? w.silencedNone : w.previewNone
  if (more) return filled(w.previewMany, { count })
  return counted(silences ? w.silencedCount : w.previewCount, count)
}

function Days({ items }: { items: readonly Preview[] }) {
  const w = reminderWords.value
  const today = dayOf(nowIn(zone.value))
  const days = new Map<string, Preview[]>()
  for (const each of items) {
    const day = dayOf(wallOf(each.due, zone.value))
    days.set(day, [...(days.get(day) ?? []), each])
  }
  return (
    <ol>
      {[...days].map(([day, found]) => (
        <li key={day}>
          <h3>{dayText(day, today)}</h3>
          <ul>
            {found.map((each) => (
              <li key={each.id} class={each.silenced ? 'silenced' : ''}>
                <time dateTime={each.due}>{timeText(minutesOf(wallOf(each.due, zone.value)))}</time>
                <span>{each.text || w.untitled}</span>
                <small>{channelText(each.channel)}</small>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  )
}
