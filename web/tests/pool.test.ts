import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { OfflineError, ProblemError, SignedOutError } from '../src/api/client'
import { appLink, Pool, PoolError, spaced } from '../src/sections/settings/pool'
import { explainAddress, explainHalf, explainPool } from '../src/sections/settings/pool-words'

const ISSUER = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool'
const pool = new Pool(ISSUER, () => Promise.resolve('the token'))
/** What was asked, and what is answered to it: a status and a document. */
const asked: { url: string; init: RequestInit }[] = []
let answer: () => Response

function says(document: unknown, status = 200): void {
  answer = () => new Response(JSON.stringify(document), { status })
}

function sent(): unknown {
  return JSON.parse(asked.at(-1)!.init.body as string)
}

beforeEach(() => {
  asked.length = 0
  says({})
  vi.stubGlobal('fetch', (url: URL, init: RequestInit) => (asked.push({ url: url.href, init }), Promise.resolve().then(() => answer())))
})
afterEach(() => vi.unstubAllGlobals())

describe('what is asked of the pool', () => {
  test('goes to the origin of its issuer, as its API wants it, with the own token', async () => {
    await pool.changePassword('old one', 'new one')
    const { url, init } = asked[0]!
    expect(url).toBe('https://cognito-idp.eu-west-1.amazonaws.com/')
    expect(init.method).toBe('POST')
    expect(init.headers).toEqual({ 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'AWSCognitoIdentityProviderService.ChangePassword' })
    expect(sent()).toEqual({ AccessToken: 'the token', PreviousPassword: 'old one', ProposedPassword: 'new one' })
  })

  test('the second step is turned on as the one that is asked for, and off again', async () => {
    await pool.setSecondStep(true)
    expect(sent()).toMatchObject({ SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } })
    await pool.setSecondStep(false)
    expect(sent()).toMatchObject({ SoftwareTokenMfaSettings: { Enabled: false, PreferredMfa: false } })
  })

  test('a new address waits for its code', async () => {
    await pool.beginAddress('anna@example.org')
    expect(sent()).toMatchObject({ UserAttributes: [{ Name: 'email', Value: 'anna@example.org' }] })
    await pool.confirmAddress('123456')
    expect(sent()).toMatchObject({ AttributeName: 'email', Code: '123456' })
  })
})

const attributes = [{ Name: 'sub', Value: 'c0ffee' }, { Name: 'email', Value: 'an@example.org' }]

describe('whether the second step is on, and whose it is', () => {

  test('is told by the pool', async () => {
    says({ UserAttributes: attributes })
    expect(await pool.user()).toMatchObject({ hasSecondStep: false, provider: '' })
    says({ UserAttributes: attributes, UserMFASettingList: ['SOFTWARE_TOKEN_MFA'] })
    expect(await pool.user()).toMatchObject({ hasSecondStep: true, provider: '' })
  })

  test('is the business of who signs them in instead', async () => {
    const identities = JSON.stringify([{ userId: '1', providerName: 'Google', providerType: 'Google', primary: 'true' }])
    says({ UserAttributes: [...attributes, { Name: 'identities', Value: identities }] })
    expect((await pool.user()).provider).toBe('Google')
  })
})

test('the address that the pool knows is told with whether it is verified', async () => {
  says({ UserAttributes: attributes })
  expect(await pool.user()).toMatchObject({ email: 'an@example.org', isVerified: false })
  for (const Value of ['true', 'false']) {
    says({ UserAttributes: [...attributes, { Name: 'email_verified', Value }] })
    expect(await pool.user()).toMatchObject({ email: 'an@example.org', isVerified: Value === 'true' })
  }
})

describe('the secret of an authenticator app', () => {
  test('is read from the pool, and counts with its code alone', async () => {
    says({ SecretCode: 'ABCDEFGH23' })
    expect(await pool.newSecret()).toBe('ABCDEFGH23')
    says({ Status: 'ERROR' })
    await expect(pool.showCode('000000')).rejects.toThrow('CodeMismatchException')
    says({ Status: 'SUCCESS' })
    await pool.showCode('123456')
    expect(sent()).toMatchObject({ UserCode: '123456' })
  })

  test('is written for people and for apps', () => {
    expect(spaced('ABCDEFGH23')).toBe('ABCD EFGH 23')
    expect(appLink('ABCDEFGH23', 'an+1@example.org')).toBe('otpauth://totp/Aurora%20Time:an%2B1%40example.org?secret=ABCDEFGH23&issuer=Aurora%20Time')
  })
})

describe('what is in the way', () => {
  test('is named as the pool names it, and said in words', async () => {
    says({ __type: 'com.amazonaws.cognito#CodeMismatchException', message: 'Invalid verification code provided' }, 400)
    const error: unknown = await pool.confirmAddress('1').catch((thrown: unknown) => thrown)
    expect(error).toEqual(new PoolError('CodeMismatchException'))
    expect(explainPool(error)).toBe('This is not the code. Look at it once more.')
  })

  test('has words even where nobody knows it', async () => {
    answer = () => new Response('<h1>Bad gateway</h1>', { status: 502 })
    const error: unknown = await pool.user().catch((thrown: unknown) => thrown)
    expect(error).toEqual(new PoolError('status 502'))
    expect(explainPool(error)).not.toBe('')
    expect(explainPool(new ProblemError(409, '', 'Somebody else here has this address.'))).toBe('Somebody else here has this address.')
  })

  test('is never told as if nothing was changed where the first half of it was', () => {
    expect(explainPool(new OfflineError())).toContain('Nothing was changed')
    for (const told of [explainHalf, explainAddress]) expect(told(new OfflineError())).toBe('There is no network just now.')
    expect(explainAddress(new ProblemError(409, '', 'words of the API'))).toContain('Somebody else here may have it')
  })

  test('is no network, or that nobody is signed in', async () => {
    answer = () => {
      throw new TypeError('Failed to fetch')
    }
    await expect(pool.user()).rejects.toThrow(OfflineError)
    const signedOut = new Pool(ISSUER, () => Promise.resolve(null))
    await expect(signedOut.user()).rejects.toThrow(SignedOutError)
  })
})
