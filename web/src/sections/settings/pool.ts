/**
 * The user pool of a home on AWS, as far as whoever is signed in may ask it for themselves. Its pages have no forms for a
 * second step, another password or another address, so the app has them.
 */
import { OfflineError, SignedOutError } from '../../api/client'
import { Auth } from '../../auth'
import { theConfig, type Config } from '../../config'

const TARGET = 'AWSCognitoIdentityProviderService'
const APP = 'SOFTWARE_TOKEN_MFA'
const NAME = 'Aurora Time'

/** What the pool has against it, by its own name for that: `CodeMismatchException`. */
export class PoolError extends Error {}

export interface PoolUser {
  hasSecondStep: boolean
  /** Who signs them in instead of the pool, as it is called there: `Google`. Empty where the pool itself does. */
  provider: string
  email: string
  /** It is theirs for certain: only such a one becomes the person's here. */
  isVerified: boolean
}

interface Answer {
  UserAttributes?: readonly { Name: string; Value?: string }[]
  UserMFASettingList?: readonly string[]
  SecretCode?: string
  Status?: string
}

export class Pool {
  /** `issuer` names the pool, at the origin of its API. */
  constructor(
    private readonly issuer: string,
    private readonly token: () => Promise<string | null>,
  ) {}

  async user(): Promise<PoolUser> {
    const { UserAttributes: told = [], UserMFASettingList: steps = [] } = await this.ask('GetUser', {})
    const valueOf = (name: string) => told.find(({ Name }) => Name === name)?.Value ?? ''
    const [other] = JSON.parse(valueOf('identities') || '[]') as { providerName: string }[]
    return {
      hasSecondStep: steps.includes(APP),
      provider: other?.providerName ?? '',
      email: valueOf('email'),
      isVerified: valueOf('email_verified') === 'true',
    }
  }

  /** A new secret for an authenticator app; it counts as soon as a code of it was shown. */
  async newSecret(): Promise<string> {
    return (await this.ask('AssociateSoftwareToken', {})).SecretCode!
  }

  async showCode(code: string): Promise<void> {
    const { Status } = await this.ask('VerifySoftwareToken', { UserCode: code })
    if (Status !== 'SUCCESS') throw new PoolError('CodeMismatchException')
  }

  async setSecondStep(isOn: boolean): Promise<void> {
    await this.ask('SetUserMFAPreference', { SoftwareTokenMfaSettings: { Enabled: isOn, PreferredMfa: isOn } })
  }

  async changePassword(old: string, wanted: string): Promise<void> {
    await this.ask('ChangePassword', { PreviousPassword: old, ProposedPassword: wanted })
  }

  /** A code is mailed to the new address; the old one stays until that is shown. */
  async beginAddress(email: string): Promise<void> {
    await this.ask('UpdateUserAttributes', { UserAttributes: [{ Name: 'email', Value: email }] })
  }

  async confirmAddress(code: string): Promise<void> {
    await this.ask('VerifyUserAttribute', { AttributeName: 'email', Code: code })
  }

  private async ask(action: string, body: object): Promise<Answer> {
    const answer = await this.post(action, body)
    if (answer.ok) return (await answer.json()) as Answer
    const said = (await answer.json().catch(() => ({}))) as { __type?: string }
    throw new PoolError(said.__type?.split('#').pop() ?? `status ${answer.status}`)
  }

  private async post(action: string, body: object): Promise<Response> {
    try {
      const token = await this.token()
      if (token === null) throw new SignedOutError()
      const headers = { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `${TARGET}.${action}` }
      return await fetch(new URL('/', this.issuer), { method: 'POST', headers, body: JSON.stringify({ AccessToken: token, ...body }) })
    } catch (error) {
      throw error instanceof TypeError ? new OfflineError() : error
    }
  }
}

export function thePool(config: Config = theConfig()): Pool {
  return new Pool(config.issuer, () => new Auth(config).token())
}

/** In groups of four, for people who copy it by hand. */
export function spaced(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? ''
}

/** What an authenticator app on this device opens. */
export function appLink(secret: string, email: string): string {
  const [name, who] = [NAME, email].map(encodeURIComponent)
  return `otpauth://totp/${name}:${who}?secret=${secret}&issuer=${name}`
}
