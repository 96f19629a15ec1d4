import { formFor } from '../../i18n'
import { ChannelChoice } from './channel'
import { freshTrigger, MAX_TRIGGERS, mostOf, waysOf, type RuleForm, type TriggerForm } from './rule'
import { reminderWords } from './words'

/** What a rule does: rings at its times, or lets all that fits it keep quiet. */
export function TriggerFields({ form, change }: { form: RuleForm; change: (part: Partial<RuleForm>) => void }) {
  const w = reminderWords.value
  const set = (index: number, part: Partial<TriggerForm>) =>
    change({ triggers: form.triggers.map((each, at) => (at === index ? { ...each, ...part } : each)) })
  const add = () => change({ triggers: [...form.triggers, freshTrigger(form.length)] })
  return (
    <fieldset aria-describedby="rule-triggers-problem">
      <legend>{w.effect}</legend>
      <div class="effects">
        <label class="check">
          <input type="radio" name="effect" checked={!form.silent} onChange={() => change({ silent: false })} />
          {w.remind}
        </label>
        <label class="check">
          <input type="radio" name="effect" checked={form.silent} onChange={() => change({ silent: true })} />
          {w.silence}
        </label>
      </div>
      {form.silent ? (
        <p class="hint">{w.silenceHint}</p>
      ) : (
        <>
          <ul class="triggers">
            {form.triggers.map((each, index) => (
              <li key={index}>
                <When trigger={each} ways={waysOf(form.length)} set={(part) => set(index, part)} />
                <ChannelChoice value={each.channel} onChange={(channel) => set(index, { channel })} />
                <button
                  type="button"
                  class="round"
                  aria-label={w.remove}
                  onClick={() => change({ triggers: form.triggers.filter((_, at) => at !== index) })}
                >
                  ×
                </button>
              </li>
            ))}
          </ul>
          {form.triggers.length < MAX_TRIGGERS && (
            <button type="button" class="plain small" onClick={add}>
              + {w.addTrigger}
            </button>
          )}
        </>
      )}
    </fieldset>
  )
}

interface WhenProps {
  trigger: TriggerForm
  ways: readonly TriggerForm['by'][]
  set: (part: Partial<TriggerForm>) => void
}

function When({ trigger, ways, set }: WhenProps) {
  const w = reminderWords.value
  const { by } = trigger
  const isClock = by === 'clock'
  return (
    <>
      <label class="count">
        {isClock ? w.daysBefore : w.count}
        <input
          type="number"
          required
          min={0}
          max={mostOf(isClock ? 'days' : by)}
          step={1}
          value={isClock ? trigger.daysBefore : trigger.count}
          onInput={(input) => set(isClock ? { daysBefore: input.currentTarget.value } : { count: input.currentTarget.value })}
        />
      </label>
      <label>
        {w.unit}
        <select value={by} onChange={(input) => set({ by: input.currentTarget.value as TriggerForm['by'] })}>
          {ways.map((each) => (
            <option key={each} value={each}>
              {formFor(w[each], Number(isClock ? trigger.daysBefore : trigger.count))}
            </option>
          ))}
        </select>
      </label>
      {isClock && (
        <label class="clock">
          {w.time}
          <input type="time" required value={trigger.at} onInput={(input) => set({ at: input.currentTarget.value })} />
        </label>
      )}
    </>
  )
}
