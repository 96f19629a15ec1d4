import { useState } from 'preact/hooks'
import { ProblemError } from '../../api/client'
import { explain } from '../../state/actions'
import { changed } from '../../state/changes'
import { sayDeed } from '../../state/deeds'
import { calendars, theApi } from '../../state/session'
import { useInSight } from '../../ui/use-in-sight'
import { NoticesHint } from './channel'
import { MatchFields } from './match-fields'
import { RulePreview } from './preview'
import { rearmed } from './rearming'
import { effectText, formOfRule, inputOf, matchText, type RuleForm, type RuleInput } from './rule'
import { Conflict } from './standing-form'
import type { Rule } from './text'
import { TriggerFields } from './trigger-fields'
import { reminderWords } from './words'

interface Writing {
  rule: Rule | null
  form: RuleForm
}

interface EditorProps {
  writing: Writing
  onChange: (writing: Writing | null) => void
  onDone: () => Promise<void>
}

/** The form of a rule, with what it would ring beside it. */
export function RuleEditor({ writing, onChange, onDone }: EditorProps) {
  const w = reminderWords.value
  const { rule, form } = writing
  const [theirs, setTheirs] = useState<Rule | null>(null)
  const [problem, setProblem] = useState<{ pointer: string; text: string } | null>(null)
  const names = new Map(calendars.value.map((each) => [each.id, each.name]))
  const input = inputOf(form, names)
  const change = (part: Partial<RuleForm>) => onChange({ rule, form: { ...form, ...part } })

  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!input) return setProblem({ pointer: '/triggers', text: w.oneTrigger })
    setProblem(null)
    try {
      await write(rule, input)
      onChange(null)
      sayDeed(w.ruleSaved)
      void rearmed()
      changed()
      await onDone()
    } catch (error) {
      if (rule && error instanceof ProblemError && error.status === 412) setTheirs(await readRule(rule.id))
      else setProblem({ pointer: error instanceof ProblemError ? (error.errors[0]?.pointer ?? '') : '', text: explain(error) })
    }
  }

  const told = (pointer: string) => (problem?.pointer.startsWith(pointer) ? problem.text : '')
  const elsewhere = problem && !['/match', '/triggers', '/name'].some((each) => problem.pointer.startsWith(each))
  return (
    <div class="rule-editor">
      <form onSubmit={(event) => void save(event)}>
        <h2>{rule ? w.editRule : w.newRule}</h2>
        <label>
          {w.name}
          <input
            maxLength={200}
            value={form.name}
            placeholder={input && !form.name ? input.name : ''}
            aria-describedby="rule-name-problem"
            onInput={(typed) => change({ name: typed.currentTarget.value })}
          />
        </label>
        <Problem id="rule-name-problem" text={told('/name')} />
        <MatchFields form={form} onChange={(next) => onChange({ rule, form: next })} />
        <Problem id="rule-match-problem" text={told('/match')} />
        <TriggerFields form={form} change={change} />
        <Problem id="rule-triggers-problem" text={told('/triggers')} />
        <NoticesHint channels={form.silent ? [] : form.triggers.map((each) => each.channel)} />
        <Problem id="rule-problem" text={elsewhere ? problem.text : ''} />
        {theirs && (
          <Conflict
            theirs={`${theirs.name}: ${matchText(theirs.match, names)}; ${effectText(theirs.triggers)}`}
            keep={() => (onChange({ rule: theirs, form }), setTheirs(null))}
            take={() => (onChange({ rule: theirs, form: formOfRule(theirs) }), setTheirs(null))}
          />
        )}
        <div class="buttons">
          <button type="button" onClick={() => onChange(null)}>
            {w.cancel}
          </button>
          <button type="submit" class="main" disabled={theirs !== null}>
            {w.save}
          </button>
        </div>
      </form>
      <RulePreview input={input} ruleId={rule?.id ?? null} />
    </div>
  )
}

function Problem({ id, text }: { id: string; text: string }) {
  const place = useInSight<HTMLParagraphElement>(text)
  return (
    <p ref={place} class="problem" id={id} role="status">
      {text}
    </p>
  )
}

async function write(rule: Rule | null, body: RuleInput): Promise<void> {
  if (!rule) {
    await theApi().POST('/v1/reminder-rules', { body })
    return
  }
  const params = { path: { ruleId: rule.id }, header: { 'If-Match': `"${rule.etag}"` } }
  await theApi().PATCH('/v1/reminder-rules/{ruleId}', { params, body } as never)
}

async function readRule(ruleId: string): Promise<Rule> {
  const { data } = await theApi().GET('/v1/reminder-rules/{ruleId}', { params: { path: { ruleId } } })
  return data!
}
