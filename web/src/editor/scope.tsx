import { words } from '../i18n'
import { question, type Scope } from '../state/actions'
import { Dialog } from '../ui/dialog'

/** How far a change to a repeating event reaches. */
export function ScopeQuestion() {
  const asked = question.value
  if (!asked) return null
  const w = words.value
  const all: [Scope, string][] = [['this', w.scopeThis], ['following', w.scopeFollowing], ['all', w.scopeAll]]
  const choices = asked.event.recurrenceId ? all.slice(asked.onlySeries ? 1 : 0) : all.slice(2)
  return (
    <Dialog label={w.scopeTitle} onClose={() => asked.answer(null)}>
      <h2>{w.scopeTitle}</h2>
      <div class="choices">
        {choices.map(([scope, label]) => (
          <button type="button" key={scope} onClick={() => asked.answer(scope)}>
            {label}
          </button>
        ))}
        <button type="button" class="plain" onClick={() => asked.answer(null)}>
          {w.cancel}
        </button>
      </div>
    </Dialog>
  )
}
