import { useState } from 'preact/hooks'
import { words } from '../i18n'
import { explain } from '../state/actions'
import { sayDeed } from '../state/deeds'
import { addExample, isNew, offersExample } from '../state/newcomer'
import { newEvent } from '../state/navigation'
import { say } from '../state/toast'

/** Where nothing is planned: one sentence and one action. */
export function FirstSteps() {
  const w = words.value
  const [busy, setBusy] = useState(false)
  const example = async () => {
    setBusy(true)
    await addExample().then(
      () => sayDeed(w.exampleAdded),
      (error: unknown) => say(explain(error)),
    )
    setBusy(false)
  }
  const offered = isNew.value && offersExample.value
  return (
    <div class="first-steps">
      <p>{!isNew.value ? w.emptyAgenda : offered ? w.newWithExample : w.newcomer}</p>
      <button type="button" class="main" disabled={busy} onClick={() => (offered ? void example() : newEvent())}>
        {offered ? w.addExample : w.newEvent}
      </button>
    </div>
  )
}
