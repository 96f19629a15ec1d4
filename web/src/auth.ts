import type { UserManager } from 'oidc-client-ts'
import { userKey, type Config } from './config'
import { forgetAll } from './state/kept'
import { spoken } from './state/language'
import { forgetWriting } from './state/writing'

const SIGNED_OUT = 'aurora-signed-out'
/** A token is good for at least so many seconds, or it is renewed first. */
const LEAST_LIFE = 30

/** Of what the OpenID Connect library keeps of whoever is signed in (its `User.toStorageString`). */
interface Kept {
  access_token: string
  refresh_token?: string
  /** Seconds since 1970. */
  expires_at?: number
  profile: { sub: string; sid?: string }
}

/** Somebody came back from the issuer and is not signed in here; the message is what was said of it, or nothing. */
export class NotSignedInError extends Error {}

/**
 * Sign-in by authorization code and PKCE at the configured issuer, whichever it is; renewed by refresh tokens.
 * Whoever is signed in is read from where the library keeps it, so that it is loaded only when the issuer is needed.
 */
export class Auth {
  private asked: Promise<UserManager> | undefined
  private renewing: Promise<Kept | null> | undefined
  /** In this load of the page; who is unknown here all the same would only be sent to and fro. */
  cameBack = false

  constructor(private readonly config: Config) {}

  private manager(): Promise<UserManager> {
    this.asked ??= import('./issuer').then(
      ({ managerOf }) => managerOf(this.config),
      (error: unknown) => ((this.asked = undefined), Promise.reject(error as Error)),
    )
    return this.asked
  }

  private kept(): Kept | null {
    const text = localStorage.getItem(userKey(this.config))
    return text ? (JSON.parse(text) as Kept) : null
  }

  /**
   * Who is signed in, as the issuer names them, or null; comes back from the issuer where the address says so. Raises
   * NotSignedInError.
   */
  async start(): Promise<string | null> {
    const query = new URLSearchParams(location.search)
    if (query.has('state') && (query.has('code') || query.has('error'))) await this.comeBack()
    return this.kept()?.profile.sub ?? null
  }

  /** What the issuer answers is good for once: whatever comes of it does not stay in the address. */
  private async comeBack(): Promise<void> {
    let path = '/app/'
    try {
      const user = await (await this.manager()).signinCallback()
      path = (user?.state as { path?: string } | undefined)?.path ?? path
      this.cameBack = true
    } catch (error) {
      console.error(error)
      // An address from the history; who is signed in stays so.
      if (!this.kept()) throw new NotSignedInError(reasonOf(error))
    } finally {
      history.replaceState(null, '', path)
    }
  }

  /** As somebody else perhaps: what the issuer remembers of who signed in last is left behind. */
  async signInAnew(): Promise<void> {
    if (this.config.ownAccounts) return this.signIn()
    await this.signOut().catch(() => this.signIn('login'))
  }

  /** `prompt` of OpenID Connect: by `login` the issuer asks also whom it remembers. */
  async signIn(prompt?: 'login'): Promise<void> {
    const asked = spoken()
    const state = { path: location.pathname + location.search }
    const more = { ...(asked && { ui_locales: asked }), ...(prompt && { prompt }) }
    await (await this.manager()).signinRedirect({ state, ...more })
  }

  /** A token that is good for at least half a minute; null where signing in again is needed. */
  async token(): Promise<string | null> {
    const user = this.kept()
    if (user && isGood(user)) return user.access_token
    this.renewing ??= this.renew().finally(() => (this.renewing = undefined))
    return (await this.renewing)?.access_token ?? null
  }

  /** One tab renews while the others wait: a refresh token that is used twice ends the sign-in. */
  private async renew(): Promise<Kept | null> {
    return navigator.locks.request('aurora-renew', async () => {
      const user = this.kept()
      if (user && isGood(user)) return user
      if (!user?.refresh_token) return null
      const [manager, { ErrorResponse }] = await Promise.all([this.manager(), import('./issuer')])
      try {
        return (await manager.signinSilent()) as Kept | null
      } catch (error) {
        if (!(error instanceof ErrorResponse)) throw error
        await manager.removeUser()
        return null
      }
    })
  }

  /** Signing out in one tab ends the others too: nothing of anybody stays to be seen. */
  onSignedOutElsewhere(then: () => void): void {
    addEventListener('storage', ({ key }) => key === SIGNED_OUT && (forgetWriting(), then()))
  }

  async signOut(): Promise<void> {
    if (this.config.ownAccounts) await this.endSignIn()
    localStorage.setItem(SIGNED_OUT, String(Date.now()))
    forgetWriting()
    await forgetAll()
    const manager = await this.manager()
    if (this.config.ownAccounts) return manager.signoutRedirect()
    await manager.revokeTokens(['refresh_token']).catch(() => null)
    // Cognito knows who signs out, and where to go then, by names of its own.
    await manager.signoutRedirect({ extraQueryParams: { client_id: this.config.clientId, logout_uri: `${location.origin}/` } })
  }

  /** Our own provider asks whether a link to it is meant; who signs out here has said so. Where it fails, it is asked. */
  private async endSignIn(): Promise<void> {
    const [session, bearer] = [this.kept()?.profile.sid, await this.token().catch(() => null)]
    if (!session || !bearer) return
    const headers = { Authorization: `Bearer ${bearer}` }
    await fetch(`${this.config.api}/v1/sessions/${session}`, { method: 'DELETE', headers }).catch(() => null)
  }

  /** Keep nothing here of whoever was signed in. */
  async forget(): Promise<void> {
    localStorage.removeItem(userKey(this.config))
    await forgetAll()
  }

  get issuer(): string {
    return this.config.issuer
  }
}

/** What Cognito passes on of our own words begins with which of its questions they answer. */
function reasonOf(error: unknown): string {
  const said = (error as { error_description?: string | null }).error_description ?? ''
  return said.replace(/^\w+ failed with error /, '')
}

function isGood({ expires_at: end }: Kept): boolean {
  return (end ?? 0) - Date.now() / 1000 > LEAST_LIFE
}
