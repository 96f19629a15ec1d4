import { useEffect, useState } from 'preact/hooks'
import { OfflineError } from '../../api/client'
import { words as common } from '../../i18n'
import { ended } from '../../state/ended'
import { person, theApi } from '../../state/session'
import { useFocus } from '../../ui/use-focus'
import { Field, Group } from './form'
import { PoolError, thePool } from './pool'
import { useAttempt } from './pool-attempt'
import { explainHalf, explainPool, words } from './pool-words'

const LEAST = 12
/** Of these the field of the password until now is to blame. */
const WRONG = 'NotAuthorizedException'
const EMPTY = { old: '', wanted: '' }

export function Password() {
  const w = words.value
  const [isChanged, setChanged] = useState(false)
  return (
    <Group title={w.password} intro={isChanged ? undefined : w.passwordIntro}>
      {isChanged ? <EveryDevice /> : <NewPassword onChanged={() => setChanged(true)} />}
    </Group>
  )
}

function NewPassword({ onChanged }: { onChanged: () => void }) {
  const w = words.value
  const [typed, setTyped] = useState(EMPTY)
  const [isWrong, setWrong] = useState(false)
  const [perhaps, setPerhaps] = useState('')
  const { problem, busy, attempt } = useAttempt(explainPassword)
  const change = async () => {
    setWrong(false)
    try {
      await changeFrom(typed.old, perhaps, typed.wanted)
    } catch (error) {
      if (error instanceof OfflineError) setPerhaps(typed.wanted)
      setWrong(isOfOld(error))
      throw error
    }
    onChanged()
  }
  return (
    <form onSubmit={(event) => (event.preventDefault(), void attempt(change))}>
      <input hidden readOnly autocomplete="username" value={person.value!.email} />
      <Field label={w.oldPassword} problem={isWrong ? problem : ''}>
        {(attributes) => (
          <input {...attributes} required type="password" autocomplete="current-password" value={typed.old} onInput={(input) => setTyped({ ...typed, old: input.currentTarget.value })} />
        )}
      </Field>
      <Field label={w.newPassword} hint={w.passwordHint} problem={isWrong ? '' : problem}>
        {(attributes) => (
          <input {...attributes} required type="password" minLength={LEAST} maxLength={256} autocomplete="new-password" value={typed.wanted} onInput={(input) => setTyped({ ...typed, wanted: input.currentTarget.value })} />
        )}
      </Field>
      <button type="submit" disabled={busy}>
        {w.changePassword}
      </button>
    </form>
  )
}

/** Where the answer to an earlier try was lost, the password may be the one that was wanted then. */
async function changeFrom(old: string, perhaps: string, wanted: string): Promise<void> {
  try {
    await thePool().changePassword(old, wanted)
  } catch (error) {
    if (!perhaps || !isOfOld(error)) throw error
    await thePool().changePassword(perhaps, wanted)
  }
}

function explainPassword(error: unknown): string {
  if (error instanceof OfflineError) return words.value.passwordUnknown
  return isOfOld(error) ? words.value.wrongPassword : explainPool(error)
}

/** The password is changed. Whoever came in by the old one is signed out; API tokens are no sign-ins and stay. */
function EveryDevice() {
  const { problem, busy, attempt } = useAttempt(explainHalf)
  const again = useFocus<HTMLButtonElement>(problem !== '')
  const signOut = () =>
    attempt(async () => {
      await theApi().DELETE('/v1/sessions', { params: { query: { tokens: false } } })
      ended.value = { passwordChanged: true }
    })
  useEffect(() => void signOut(), [])
  if (!problem) return <p class="soft">{common.value.loading}</p>
  return (
    <>
      <p class="problem" role="alert">
        {words.value.othersStay} {problem}
      </p>
      <button type="button" class="main" ref={again} disabled={busy} onClick={() => void signOut()}>
        {common.value.tryAgain}
      </button>
    </>
  )
}

function isOfOld(error: unknown): boolean {
  return error instanceof PoolError && error.message === WRONG
}
