import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeApi, SignedOutError } from '../src/api/client'
import type { Auth } from '../src/auth'

const auth = { token: () => Promise.resolve('the token') } as Auth
const ended = vi.fn<() => void>()
let answer: Response

beforeEach(() => {
  ended.mockReset()
  vi.stubGlobal('fetch', () => Promise.resolve(answer))
})
afterEach(() => vi.unstubAllGlobals())

/** What is told to who is signed in no more, by an answer of 401. */
async function told(document: object): Promise<string> {
  answer = new Response(JSON.stringify(document), { status: 401 })
  const api = makeApi('https://time.example.org', auth, ended)
  const error: unknown = await api.GET('/v1/me').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(SignedOutError)
  expect(ended).toHaveBeenCalled()
  return (error as SignedOutError).message
}

describe('of what is said with a 401, people read', () => {
  test('nothing that is said to programs', async () => {
    expect(await told({ type: '/problems#unauthorized', detail: 'Send `Authorization: Bearer <token>`.' })).toBe('')
    expect(await told({ message: 'Unauthorized' })).toBe('')
  })

  test('why this home does not take them', async () => {
    expect(await told({ type: '/problems#not-taken', detail: 'Ask to be invited. / Hãy nhờ mời.' })).toBe('Ask to be invited. / Hãy nhờ mời.')
  })
})
