import { useState } from 'preact/hooks'
import { words as common } from '../../i18n'
import { person } from '../../state/session'
import { say } from '../../state/toast'
import { useFocus } from '../../ui/use-focus'
import { Field, Group } from './form'
import { Confirm } from './listed'
import { appLink, spaced, thePool, type PoolUser } from './pool'
import { useAttempt } from './pool-attempt'
import { words } from './pool-words'

interface SecondStepProps {
  user: PoolUser
  /** Read how it is now. */
  onChanged: () => Promise<void>
}

export function SecondStep({ user, onChanged }: SecondStepProps) {
  const w = words.value
  const [secret, setSecret] = useState('')
  const { problem, busy, attempt } = useAttempt()
  const begin = async () => setSecret(await thePool().newSecret())
  const end = async (said: string) => {
    setSecret('')
    say(said)
    await onChanged()
  }
  const turnOff = async () => {
    await thePool().setSecondStep(false)
    await end(w.turnedOff)
  }
  return (
    <Group title={w.secondStep} intro={user.hasSecondStep ? w.isOn : w.isOff}>
      {user.hasSecondStep ? (
        <Confirm label={w.turnOff} of="" question={w.turnOffQuestion} onYes={() => attempt(turnOff)} />
      ) : secret ? (
        <ShowCode secret={secret} onDone={() => end(w.turnedOn)} onCancel={() => setSecret('')} />
      ) : (
        <button type="button" disabled={busy} onClick={() => void attempt(begin)}>
          {w.setUp}
        </button>
      )}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </Group>
  )
}

interface ShowCodeProps {
  secret: string
  onDone: () => Promise<void>
  onCancel: () => void
}

function ShowCode({ secret, onDone, onCancel }: ShowCodeProps) {
  const w = words.value
  const [code, setCode] = useState('')
  const [isShown, setShown] = useState(false)
  const { problem, busy, attempt } = useAttempt()
  const place = useFocus<HTMLInputElement>()
  // A code is good once: where the second half failed, it alone is done again.
  const turnOn = async () => {
    if (!isShown) await thePool().showCode(code.replaceAll(' ', ''))
    setShown(true)
    await thePool().setSecondStep(true)
    await onDone()
  }
  return (
    <form onSubmit={(event) => (event.preventDefault(), void attempt(turnOn))}>
      <p>{w.secretFirst}</p>
      <div class="secret">
        <code aria-label={w.key}>{spaced(secret)}</code>
        <a class="button" href={appLink(secret, person.value!.email)}>
          {w.openApp}
        </a>
      </div>
      <p class="soft">{w.keepSecret}</p>
      <Field label={w.code} hint={w.codeOfApp} problem={problem}>
        {(attributes) => (
          <input {...attributes} ref={place} required inputMode="numeric" autocomplete="one-time-code" maxLength={7} value={code} onInput={(input) => setCode(input.currentTarget.value)} />
        )}
      </Field>
      <div class="row">
        <button type="submit" class="main" disabled={busy}>
          {w.turnOn}
        </button>
        <button type="button" disabled={busy} onClick={onCancel}>
          {common.value.cancel}
        </button>
      </div>
    </form>
  )
}
