import { useState } from 'preact/hooks'
import type { Schemas } from '../../api/client'
import { theConfig } from '../../config'
import { explain } from '../../state/actions'
import { sayDeed } from '../../state/deeds'
import { ended } from '../../state/ended'
import { theApi } from '../../state/session'
import { say } from '../../state/toast'
import { Check, Group } from './form'
import { hasPool, InPool } from './in-pool'
import { Listed, whenText } from './listed'
import { useLoaded, type Loaded } from './loaded'
import { words } from './words'

type Session = Schemas['SessionResource']

export function Security() {
  const sessions = useLoaded<readonly Session[]>(async () => {
    const { data } = await theApi().GET('/v1/sessions')
    return [...data!.items].sort((one, other) => Number(other.current) - Number(one.current))
  })
  return (
    <>
      <SignIn />
      {theConfig().home && <Devices sessions={sessions} />}
      <Everywhere sessions={sessions} />
    </>
  )
}

/** Password and second step belong to who says who somebody is: our own provider has pages for them, a user pool none. */
function SignIn() {
  const w = words.value
  const { ownAccounts, issuer } = theConfig()
  if (hasPool()) return <InPool part="SignIn" />
  if (!ownAccounts) return <Group title={w.signIn} intro={w.elsewhere.replace('{host}', new URL(issuer).host)}>{null}</Group>
  return (
    <Group title={w.signIn} intro={w.signInIntro}>
      <div class="row">
        <a class="button" href="/password">
          {w.changePassword}
        </a>
        <a class="button" href="/second-factor">
          {w.secondStep}
        </a>
      </div>
    </Group>
  )
}

function Devices({ sessions }: { sessions: Loaded<readonly Session[]> }) {
  const w = words.value
  const signOut = async (session: Session) => {
    try {
      await theApi().DELETE('/v1/sessions/{sessionId}', { params: { path: { sessionId: session.id } } })
      sayDeed(w.signedOutThere.replace('{device}', session.device || w.unknownDevice))
    } catch (error) {
      say(explain(error))
    }
    await sessions.again()
  }
  return (
    <Group title={w.devices} intro={w.devicesIntro}>
      <Listed loaded={sessions} none={w.noDevices}>
        {(each) => (
          <li key={each.id}>
            <div>
              <strong>{each.device || w.unknownDevice}</strong>
              <p class="soft">
                {each.current && `${w.thisDevice} · `}
                {w.lastUsed.replace('{at}', whenText(each.lastUsed))}
              </p>
            </div>
            {!each.current && (
              <button type="button" onClick={() => void signOut(each)}>
                {w.signOutThere}
                <span class="unseen"> {each.device}</span>
              </button>
            )}
          </li>
        )}
      </Listed>
    </Group>
  )
}

/** Of another issuer's tokens only their age is known, so there this device is signed out with the others. */
function Everywhere({ sessions }: { sessions: Loaded<readonly Session[]> }) {
  const w = words.value
  const [title, intro] = theConfig().ownAccounts ? [w.everywhere, w.everywhereIntro] : [w.everywhereToo, w.everywhereTooIntro]
  const [tokens, setTokens] = useState(false)
  const [busy, setBusy] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await theApi().DELETE('/v1/sessions', { params: { query: { keepCurrent: true, tokens } } })
      if (theConfig().ownAccounts) sayDeed(w.signedOutEverywhere)
      else return void (ended.value = { everywhere: true })
    } catch (error) {
      say(explain(error))
    }
    setBusy(false)
    await sessions.again()
  }
  return (
    <Group title={title} intro={intro}>
      <form onSubmit={(event) => void submit(event)}>
        <Check label={w.withTokens} hint={w.withTokensHint} checked={tokens} onChange={setTokens} />
        <button type="submit" class="danger" disabled={busy}>
          {title}
        </button>
      </form>
    </Group>
  )
}
