import { useState } from 'preact/hooks'
import { person } from '../../state/session'
import { say } from '../../state/toast'
import { Field, Group } from './form'
import { PoolError, thePool } from './pool'
import { useAttempt } from './pool-attempt'
import { explainPool, words } from './pool-words'

const LEAST = 12
/** Of these the field of the password until now is to blame. */
const WRONG = 'NotAuthorizedException'
const EMPTY = { old: '', wanted: '' }

export function Password() {
  const w = words.value
  const [typed, setTyped] = useState(EMPTY)
  const [isWrong, setWrong] = useState(false)
  const { problem, busy, attempt } = useAttempt((error) => (isOfOld(error) ? w.wrongPassword : explainPool(error)))
  const change = async () => {
    setWrong(false)
    try {
      await thePool().changePassword(typed.old, typed.wanted)
    } catch (error) {
      setWrong(isOfOld(error))
      throw error
    }
    setTyped(EMPTY)
    say(w.passwordChanged)
  }
  return (
    <Group title={w.password}>
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
    </Group>
  )
}

function isOfOld(error: unknown): boolean {
  return error instanceof PoolError && error.message === WRONG
}
