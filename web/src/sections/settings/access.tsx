import { useState } from 'preact/hooks'
import type { Schemas } from '../../api/client'
import { theConfig } from '../../config'
import { explain } from '../../state/actions'
import { sayDeed } from '../../state/deeds'
import { theApi } from '../../state/session'
import { say } from '../../state/toast'
import { useFocus } from '../../ui/use-focus'
import { Group } from './form'
import { Confirm, Listed, whenText } from './listed'
import { useLoaded } from './loaded'
import { NewToken } from './new-token'
import { allows } from './scopes'
import { words } from './words'

type Token = Schemas['TokenResource']

export function Access() {
  const w = words.value
  const [made, setMade] = useState<Token | null>(null)
  const tokens = useLoaded<readonly Token[]>(async () => (await theApi().GET('/v1/tokens')).data!.items)
  const revoke = async (token: Token) => {
    try {
      await theApi().DELETE('/v1/tokens/{tokenId}', { params: { path: { tokenId: token.id } } })
      if (made?.id === token.id) setMade(null)
      sayDeed(w.revoked.replace('{name}', token.name))
    } catch (error) {
      say(explain(error))
    }
    await tokens.again()
  }
  return (
    <>
      <Group title={w.tokens} intro={w.tokensIntro}>
        {made?.secret && <Secret key={made.id} token={made} secret={made.secret} onDone={() => setMade(null)} />}
        <Listed loaded={tokens} none={w.noTokens}>
          {(each) => (
            <li key={each.id}>
              <div>
                <strong>{each.name}</strong>
                <p class="soft">
                  {allows(each.scopes)} · {w.madeAt.replace('{at}', whenText(each.created, false))} ·{' '}
                  {each.expires ? w.endsAt.replace('{at}', whenText(each.expires, false)) : w.neverEnds}
                </p>
              </div>
              <Confirm label={w.revoke} of={each.name} question={w.revokeQuestion} onYes={() => revoke(each)} />
            </li>
          )}
        </Listed>
        {theConfig().home && (
          <p>
            <a href="/docs">{w.apiDocs}</a>
          </p>
        )}
      </Group>
      <NewToken onMade={(token) => (setMade(token), void tokens.again())} />
    </>
  )
}

interface SecretProps {
  token: Token
  secret: string
  onDone: () => void
}

/** The one time at which it is shown. */
function Secret({ token, secret, onDone }: SecretProps) {
  const w = words.value
  const button = useFocus<HTMLButtonElement>()
  const [isCopied, setCopied] = useState(false)
  const copy = () => void navigator.clipboard.writeText(secret).then(() => setCopied(true), () => say(w.copyFailed))
  return (
    <div class="secret" role="status">
      <p>
        <strong>{w.secretTitle.replace('{name}', token.name)}</strong> {w.secretOnce}
      </p>
      <code>{secret}</code>
      <div class="row">
        <button type="button" class="main" ref={button} onClick={copy}>
          {isCopied ? w.copied : w.copy}
        </button>
        <button type="button" onClick={onDone}>
          {w.secretDone}
        </button>
      </div>
    </div>
  )
}
