import { useState } from 'preact/hooks'
import { person } from '../../state/session'
import { say } from '../../state/toast'
import { Group } from './form'
import { Confirm } from './listed'
import { appLink, spaced, thePool, type PoolUser } from './pool'
import { useAttempt } from './pool-attempt'
import { Step } from './pool-step'
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
  const end = async (said: string) => {
    setSecret('')
    say(said)
    await onChanged()
  }
  // Another tab or device may have been faster: a new secret could take away the one that works.
  const begin = async () => {
    if ((await thePool().user()).hasSecondStep) return end(w.onAlready)
    setSecret(await thePool().newSecret())
  }
  const turnOff = async () => {
    if (!(await thePool().user()).hasSecondStep) return end(w.offAlready)
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
  // A code is good once: where the second half failed, it alone is done again.
  const turnOn = async () => {
    if (!isShown) await thePool().showCode(code.replaceAll(' ', ''))
    setShown(true)
    await thePool().setSecondStep(true)
    await onDone()
  }
  const input = { inputMode: 'numeric', autocomplete: 'one-time-code', maxLength: 7, value: code } as const
  return (
    <Step label={w.code} hint={w.codeOfApp} input={input} onInput={setCode} done={w.turnOn} onDone={turnOn} onBack={onCancel}>
      <p>{w.secretFirst}</p>
      <div class="secret">
        <code aria-label={w.key}>{spaced(secret)}</code>
        <a class="button" href={appLink(secret, person.value!.email)}>
          {w.openApp}
        </a>
      </div>
      <p class="soft">{w.keepSecret}</p>
    </Step>
  )
}
