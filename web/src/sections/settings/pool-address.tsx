import { useState } from 'preact/hooks'
import { calendars, person, takeAndKeep, theApi } from '../../state/session'
import { say } from '../../state/toast'
import { Unready } from './listed'
import { useLoaded } from './loaded'
import { thePool } from './pool'
import { Step } from './pool-step'
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
  const send = async () => {
    await thePool().beginAddress(email.trim())
    onSent()
  }
  const input = { type: 'email', autocomplete: 'email', maxLength: 254, value: email } as const
  return <Step label={w.newAddress} input={input} onInput={onInput} done={w.sendCode} onDone={send} onBack={onCancel} />
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
  const input = { inputMode: 'numeric', autocomplete: 'one-time-code', maxLength: 12, value: code } as const
  const hint = w.codeOfMail.replace('{email}', email.trim())
  return <Step label={w.code} hint={hint} input={input} onInput={setCode} done={w.changeAddress} onDone={change} back={w.back} onBack={onBack} />
}
