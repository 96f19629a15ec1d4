import { useState } from 'preact/hooks'
import { words as common } from '../../i18n'
import { calendars, person, takeAndKeep, theApi } from '../../state/session'
import { say } from '../../state/toast'
import { useFocus } from '../../ui/use-focus'
import { Field } from './form'
import { Unready } from './listed'
import { useLoaded } from './loaded'
import { thePool } from './pool'
import { useAttempt } from './pool-attempt'
import { explainPool, words } from './pool-words'

/** Below the address: how it becomes another one. */
export function Address() {
  const w = words.value
  const user = useLoaded(() => thePool().user(), explainPool)
  const [step, setStep] = useState<'none' | 'address' | 'code'>('none')
  const [email, setEmail] = useState('')
  if (!user.found) return <Unready loaded={user} />
  if (user.found.provider) return <p class="soft">{w.addressByOther.replace('{provider}', user.found.provider)}</p>
  const end = () => (setEmail(''), setStep('none'))
  if (step === 'address') return <NewAddress email={email} onInput={setEmail} onSent={() => setStep('code')} onCancel={end} />
  if (step === 'code') return <MailedCode email={email} onDone={end} onBack={() => setStep('address')} />
  return (
    <button type="button" onClick={() => setStep('address')}>
      {w.changeAddress}
    </button>
  )
}

interface NewAddressProps {
  email: string
  onInput: (email: string) => void
  onSent: () => void
  onCancel: () => void
}

function NewAddress({ email, onInput, onSent, onCancel }: NewAddressProps) {
  const w = words.value
  const { problem, busy, attempt } = useAttempt()
  const place = useFocus<HTMLInputElement>()
  const send = async () => {
    await thePool().beginAddress(email.trim())
    onSent()
  }
  return (
    <form onSubmit={(event) => (event.preventDefault(), void attempt(send))}>
      <Field label={w.newAddress} problem={problem}>
        {(attributes) => (
          <input {...attributes} ref={place} required type="email" autocomplete="email" maxLength={254} value={email} onInput={(input) => onInput(input.currentTarget.value)} />
        )}
      </Field>
      <div class="row">
        <button type="submit" class="main" disabled={busy}>
          {w.sendCode}
        </button>
        <button type="button" disabled={busy} onClick={onCancel}>
          {common.value.cancel}
        </button>
      </div>
    </form>
  )
}

interface MailedCodeProps {
  email: string
  onDone: () => void
  onBack: () => void
}

function MailedCode({ email, onDone, onBack }: MailedCodeProps) {
  const w = words.value
  const [code, setCode] = useState('')
  const [isShown, setShown] = useState(false)
  const { problem, busy, attempt } = useAttempt()
  const place = useFocus<HTMLInputElement>()
  // A code is good once: where what follows failed, that alone is done again.
  const change = async () => {
    if (!isShown) await thePool().confirmAddress(code.trim())
    setShown(true)
    await theApi().POST('/v1/me/email')
    const { data } = await theApi().GET('/v1/me')
    takeAndKeep(data!, calendars.value)
    say(w.addressChanged.replace('{email}', person.value!.email))
    onDone()
  }
  return (
    <form onSubmit={(event) => (event.preventDefault(), void attempt(change))}>
      <Field label={w.code} hint={w.codeOfMail.replace('{email}', email.trim())} problem={problem}>
        {(attributes) => (
          <input {...attributes} ref={place} required inputMode="numeric" autocomplete="one-time-code" maxLength={12} value={code} onInput={(input) => setCode(input.currentTarget.value)} />
        )}
      </Field>
      <div class="row">
        <button type="submit" class="main" disabled={busy}>
          {w.changeAddress}
        </button>
        <button type="button" disabled={busy} onClick={onBack}>
          {w.back}
        </button>
      </div>
    </form>
  )
}
