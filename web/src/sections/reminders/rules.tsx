import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { sayDeed } from '../../state/deeds'
import { calendars, theApi } from '../../state/session'
import { say } from '../../state/toast'
import { Trouble } from './coming'
import { attempt } from './deeds'
import { readRules } from './lists'
import { Rearming, rearmed } from './rearming'
import { effectText, formOfRule, matchText, newForm, type RuleForm } from './rule'
import { RuleEditor } from './rule-editor'
import type { Rule } from './text'
import { useRead } from './use-read'
import { channelText } from './text'
import { reminderWords } from './words'

/** The rule that is being written; it stays while somebody looks elsewhere in the app. */
export const writing = signal<{ rule: Rule | null; form: RuleForm } | null>(null)

export function Rules() {
  const w = reminderWords.value
  const { value, failed, reload } = useRead(readRules, [])
  useEffect(() => void rearmed(), [])
  if (writing.value) return <RuleEditor writing={writing.value} onChange={(next) => (writing.value = next)} onDone={reload} />
  const names = new Map(calendars.value.map((each) => [each.id, each.name]))
  return (
    <>
      <div class="lead">
        <p class="soft">{w.rulesLead}</p>
        <button type="button" class="main" onClick={() => (writing.value = { rule: null, form: newForm() })}>
          {w.addRule}
        </button>
      </div>
      <Rearming />
      <Trouble failed={failed} reload={reload} />
      {!value && !failed && <p class="soft">{w.loading}</p>}
      {value?.length === 0 && <p class="none">{w.rulesEmpty}</p>}
      <ul class="rule-list">
        {value?.map((rule, index) => (
          <RuleLine key={rule.id} rule={rule} after={value.slice(index + 1)} names={names} />
        ))}
      </ul>
    </>
  )
}

interface LineProps {
  rule: Rule
  /** The rules that count after it. */
  after: readonly Rule[]
  names: ReadonlyMap<string, string>
}

function RuleLine({ rule, after, names }: LineProps) {
  const w = reminderWords.value
  const channels = [...new Set(rule.triggers.map((each) => channelText(each.channel)))]
  return (
    <li class={rule.enabled ? 'rule' : 'rule off'}>
      <label class="switch">
        <input type="checkbox" role="switch" checked={rule.enabled} aria-label={`${w.on}: ${rule.name}`} onChange={() => void flip(rule)} />
      </label>
      <div class="about">
        <b class="subject">{rule.name}</b>
        <p class="tells">
          <span>{matchText(rule.match, names)}</span>
          <span>{effectText(rule.triggers)}</span>
          {channels.length > 0 && <span>{channels.join(', ')}</span>}
        </p>
      </div>
      <div class="deeds">
        <button
          type="button"
          class="plain small"
          aria-label={`${w.edit}: ${rule.name}`}
          onClick={() => (writing.value = { rule, form: formOfRule(rule) })}
        >
          {w.edit}
        </button>
        <button type="button" class="plain small" aria-label={`${w.delete}: ${rule.name}`} onClick={() => void remove(rule, after)}>
          {w.delete}
        </button>
      </div>
    </li>
  )
}

function flip(rule: Rule): Promise<boolean> {
  const enabled = !rule.enabled
  return attempt(async () => {
    const params = { path: { ruleId: rule.id } }
    await theApi().PATCH('/v1/reminder-rules/{ruleId}', { params, body: { enabled } as never })
    sayDeed(enabled ? reminderWords.value.switchedOn : reminderWords.value.switchedOff)
    void rearmed()
  })
}

/** Undone, it is made anew, before the first of those that counted after it and are still there. */
function remove(rule: Rule, after: readonly Rule[]): Promise<boolean> {
  const w = reminderWords.value
  const { name, match, triggers, enabled } = rule
  return attempt(async () => {
    await theApi().DELETE('/v1/reminder-rules/{ruleId}', { params: { path: { ruleId: rule.id } } })
    const back = async () => {
      const there = new Set((await readRules()).map(({ id }) => id))
      const before = after.find(({ id }) => there.has(id))?.id
      await theApi().POST('/v1/reminder-rules', { params: { query: before ? { before } : {} }, body: { name, match, triggers, enabled } })
      say(w.restored)
      void rearmed()
    }
    sayDeed(w.ruleRemoved, () => attempt(back))
    void rearmed()
  })
}
