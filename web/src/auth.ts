import { ErrorResponse, UserManager, WebStorageStateStore, type User } from 'oidc-client-ts'
import type { Config } from './config'
import { forgetAll } from './state/kept'
import { spoken } from './state/language'

const SIGNED_OUT = 'aurora-signed-out'

/** Sign-in by authorization code and PKCE at the configured issuer, whichever it is; renewed by refresh tokens. */
export class Auth {
  private readonly manager: UserManager
  private renewing: Promise<User | null> | undefined

  constructor(private readonly config: Config) {
    const here = `${location.origin}/app/`
    this.manager = new UserManager({
      authority: config.issuer,
      client_id: config.clientId,
      redirect_uri: here,
      post_logout_redirect_uri: `${location.origin}/`,
      scope: config.scope,
      automaticSilentRenew: false,
      userStore: new WebStorageStateStore({ store: localStorage }),
    })
  }

  /** Who is signed in, as the issuer names them, or null; comes back from the issuer where the address says so. */
  async start(): Promise<string | null> {
    const query = new URLSearchParams(location.search)
    if (query.has('state') && (query.has('code') || query.has('error'))) {
      const user = await this.manager.signinCallback()
      const path = (user?.state as { path?: string } | undefined)?.path ?? '/app/'
      history.replaceState(null, '', path)
    }
    return (await this.manager.getUser())?.profile.sub ?? null
  }

  async signIn(): Promise<void> {
    const asked = spoken()
    await this.manager.signinRedirect({ state: { path: location.pathname + location.search }, ...(asked ? { ui_locales: asked } : {}) })
  }

  /** A token that is good for at least half a minute; null where signing in again is needed. */
  async token(): Promise<string | null> {
    const user = await this.manager.getUser()
    if (user && (user.expires_in ?? 0) > 30) return user.access_token
    this.renewing ??= this.renew().finally(() => (this.renewing = undefined))
    return (await this.renewing)?.access_token ?? null
  }

  /** One tab renews while the others wait: a refresh token that is used twice ends the sign-in. */
  private async renew(): Promise<User | null> {
    return navigator.locks.request('aurora-renew', async () => {
      const user = await this.manager.getUser()
      if (user && (user.expires_in ?? 0) > 30) return user
      if (!user?.refresh_token) return null
      try {
        return await this.manager.signinSilent()
      } catch (error) {
        if (!(error instanceof ErrorResponse)) throw error
        await this.manager.removeUser()
        return null
      }
    })
  }

  /** Signing out in one tab ends the others too: nothing of anybody stays to be seen. */
  onSignedOutElsewhere(then: () => void): void {
    addEventListener('storage', ({ key }) => key === SIGNED_OUT && then())
  }

  async signOut(): Promise<void> {
    if (this.config.ownAccounts) await this.endSignIn()
    localStorage.setItem(SIGNED_OUT, String(Date.now()))
    await forgetAll()
    await this.manager.signoutRedirect()
  }

  /** Our own provider asks whether a link to it is meant; who signs out here has said so. Where it fails, it is asked. */
  private async endSignIn(): Promise<void> {
    const [user, bearer] = [await this.manager.getUser(), await this.token().catch(() => null)]
    if (!user?.profile.sid || !bearer) return
    const headers = { Authorization: `Bearer ${bearer}` }
    await fetch(`${this.config.api}/v1/sessions/${user.profile.sid}`, { method: 'DELETE', headers }).catch(() => null)
  }

  /** Keep nothing here of whoever was signed in. */
  async forget(): Promise<void> {
    await Promise.all([forgetAll(), this.manager.removeUser()])
  }

  get issuer(): string {
    return this.config.issuer
  }
}
