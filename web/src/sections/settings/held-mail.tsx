import { useState } from 'preact/hooks'
import { explain } from '../../state/actions'
import { sayDeed } from '../../state/deeds'
import { theApi } from '../../state/session'
import { Group } from './form'
import { whenText } from './listed'
import { useLoaded } from './loaded'
import { words } from './words'

/** Why no mail goes out to this person for now, and how to change that; nothing while mails do go out. */
export function HeldMail() {
  const w = words.value
  const mail = useLoaded(async () => (await theApi().GET('/v1/me/mail')).data!)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  if (!mail.found?.held) return null
  const { email, held } = mail.found
  const letThrough = async () => {
    setBusy(true)
    setProblem('')
    try {
      await theApi().POST('/v1/me/mail/release')
      sayDeed(w.through)
      await mail.again()
    } catch (error) {
      setProblem(explain(error))
    }
    setBusy(false)
  }
  return (
    <Group title={w.heldTitle}>
      <p>{w.heldWhy[held.reason].replace('{email}', email).replace('{since}', whenText(held.since))}</p>
      <p class="soft">{w.heldUntil.replace('{until}', whenText(held.until, false))}</p>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="button" class="main" disabled={busy} onClick={() => void letThrough()}>
        {w.letThrough}
      </button>
    </Group>
  )
}
