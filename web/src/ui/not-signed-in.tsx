import type { Auth } from '../auth'
import { words } from '../i18n'

/** Somebody came back from the sign-in and is nobody here: why, in the words of whoever refused it, and a way on. */
export function NotSignedIn({ auth, why }: { auth: Auth; why: string }) {
  return (
    <main class="empty" role="alert">
      <p>{words.value.notSignedIn}</p>
      {why && <p class="soft">{why}</p>}
      <button type="button" class="main" onClick={() => void auth.signInAnew()}>
        {words.value.signIn}
      </button>
    </main>
  )
}
