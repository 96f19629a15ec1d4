import type { Auth } from '../auth'
import { words } from '../i18n'
import { usePageName } from '../views/page-name'
import { useFocus } from './use-focus'

interface NotSignedInProps {
  auth: Auth
  /** In the words of whoever refused it; empty where there are none for people. */
  why: string
  /** The issuer still knows them, and the home takes that sign-in no more. */
  wasSignedOut: boolean
}

/** Somebody came back from the sign-in and is nobody here: why, and a way on. */
export function NotSignedIn({ auth, why, wasSignedOut }: NotSignedInProps) {
  const said = wasSignedOut ? words.value.wasSignedOut : words.value.notSignedIn
  const title = useFocus<HTMLHeadingElement>()
  usePageName(said)
  return (
    <main class="farewell">
      <h1 ref={title} tabIndex={-1}>
        {said}
      </h1>
      {why && <p class="soft">{why}</p>}
      <button type="button" class="main" onClick={() => void auth.signInAnew()}>
        {words.value.signIn}
      </button>
    </main>
  )
}
