import { useEffect, useState } from 'preact/hooks'
import { words as common } from '../../i18n'
import { rereadPerson } from '../../state/person'
import { person, theApi } from '../../state/session'
import { say } from '../../state/toast'
import { Unready } from './listed'
import { useLoaded } from './loaded'
import { thePool, type PoolUser } from './pool'
import { useAttempt } from './pool-attempt'
import { Step } from './pool-step'
import { explainAddress, explainHalf, words } from './pool-words'

/** Below the address: how it becomes another one. */
export function Address() {
  const w = words.value
  const user = useLoaded(() => thePool().user(), explainHalf)
  const [step, setStep] = useState<'none' | 'address' | 'code'>('none')
  const [email, setEmail] = useState('')
  if (!user.found || user.problem) return <Unready loaded={user} />
  if (user.found.provider) return <p class="soft">{w.addressByOther.replace('{provider}', user.found.provider)}</p>
  const leave = () => (setEmail(''), setStep('none'))
  const reread = async () => {
    await user.again()
    leave()
  }
  if (step === 'address') return <NewAddress email={email} onInput={setEmail} onSent={() => setStep('code')} onVerified={reread} onCancel={leave} />
  if (step === 'code') return <MailedCode email={email} onVerified={reread} onBack={() => setStep('address')} />
  return <Known user={user.found} onChange={() => setStep('address')} />
}

interface KnownProps {
  user: PoolUser
  onChange: () => void
}

/** What the pool has verified is the person's address here, too. Where that stopped half-way, it goes on when it is seen. */
function Known({ user, onChange }: KnownProps) {
  const w = words.value
  const { problem, busy, attempt } = useAttempt(explainAddress)
  const isBehind = user.isVerified && !hasVerified(user, person.value!.email)
  const isRefused = isBehind && problem !== ''
  useEffect(() => void (isBehind && attempt(follow)), [user])
  return (
    <>
      {busy && !isRefused && <p class="soft">{common.value.loading}</p>}
      {isRefused && (
        <p class="problem" role="alert">
          {w.addressHalf.replace('{email}', user.email)} {problem}
        </p>
      )}
      <div class="row">
        {isRefused && (
          <button type="button" class="main" disabled={busy} onClick={() => void attempt(follow)}>
            {common.value.tryAgain}
          </button>
        )}
        <button type="button" onClick={onChange}>
          {w.changeAddress}
        </button>
      </div>
    </>
  )
}

async function follow(): Promise<void> {
  const before = person.value!.email
  await theApi().POST('/v1/me/email')
  const { email } = await rereadPerson()
  // Who also comes by Google may have that one's address here, and keeps it.
  if (email !== before) say(words.value.addressChanged.replace('{email}', email))
}

function hasVerified(user: PoolUser, email: string): boolean {
  return user.isVerified && user.email.toLowerCase() === email.toLowerCase()
}

interface NewAddressProps {
  email: string
  onInput: (email: string) => void
  onSent: () => void
  onVerified: () => Promise<void>
  onCancel: () => void
}

function NewAddress({ email, onInput, onSent, onVerified, onCancel }: NewAddressProps) {
  const w = words.value
  const send = async () => {
    // Its code was shown before, and what follows failed: that alone is left to do.
    if (hasVerified(await thePool().user(), email.trim())) return onVerified()
    await thePool().beginAddress(email.trim())
    onSent()
  }
  const input = { type: 'email', autocomplete: 'email', maxLength: 254, value: email } as const
  return <Step label={w.newAddress} input={input} onInput={onInput} done={w.sendCode} onDone={send} onBack={onCancel} />
}

interface MailedCodeProps {
  email: string
  onVerified: () => Promise<void>
  onBack: () => void
}

function MailedCode({ email, onVerified, onBack }: MailedCodeProps) {
  const w = words.value
  const [code, setCode] = useState('')
  const show = async () => {
    try {
      await thePool().confirmAddress(code.trim())
    } catch (error) {
      // A code is good once: where only the answer was lost, the same code would be a wrong one now.
      const user = await thePool().user().catch(() => null)
      if (!user || !hasVerified(user, email.trim())) throw error
    }
    await onVerified()
  }
  const input = { inputMode: 'numeric', autocomplete: 'one-time-code', maxLength: 12, value: code } as const
  const hint = w.codeOfMail.replace('{email}', email.trim())
  return <Step label={w.code} hint={hint} input={input} onInput={setCode} done={w.changeAddress} onDone={show} back={w.back} onBack={onBack} />
}
