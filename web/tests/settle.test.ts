import { beforeEach, expect, test, vi } from 'vitest'
import { OfflineError, ProblemError, SignedOutError, type Api, type Person } from '../src/api/client'

const browser = { language: 'vi-VN', languages: ['vi-VN'] }
const page = { cookie: '' }
const zone = vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions')
const inZone = (timeZone: string) => zone.mockReturnValue({ timeZone } as Intl.ResolvedDateTimeFormatOptions)
vi.stubGlobal('navigator', browser)
vi.stubGlobal('document', page)
const { settle } = await import('../src/state/settle')

const me = (assumed: Person['assumed']) => ({ etag: 'v1', timeZone: 'UTC', locale: 'en', assumed }) as unknown as Person
const patch = vi.fn<(path: string, sent: { body: object; params: object }) => Promise<{ data: object }>>()
const api = { PATCH: patch } as unknown as Api

beforeEach(() => {
  page.cookie = ''
  inZone('Asia/Saigon')
  patch.mockReset().mockResolvedValue({ data: { timeZone: 'Asia/Ho_Chi_Minh' } })
})

test('this device says what nobody has said yet, over what was read', async () => {
  expect(await settle(api, me(['timeZone', 'locale']))).toEqual({ timeZone: 'Asia/Ho_Chi_Minh' })
  const wanted = { body: { timeZone: 'Asia/Ho_Chi_Minh', locale: 'vi' }, params: { header: { 'If-Match': '"v1"' } } }
  expect(patch.mock.calls).toEqual([['/v1/me', wanted]])
})

test.each(['UTC', 'Etc/UTC'])('%s is what a browser says that keeps its zone to itself, so a later device may still say it', async (hidden) => {
  inZone(hidden)
  await settle(api, me(['timeZone', 'locale']))
  expect(patch.mock.calls[0]![1].body).toEqual({ locale: 'vi' })
  await expect(settle(api, me(['timeZone']))).resolves.toEqual(me(['timeZone']))
  expect(patch).toHaveBeenCalledOnce()
})

test('what somebody has said stays, and the language chosen before the sign-in counts', async () => {
  page.cookie = 'a=b; aurora_language=en'
  await settle(api, me(['locale']))
  expect(patch.mock.calls[0]![1].body).toEqual({ locale: 'en' })
})

test.each([new ProblemError(412, '', 'Changed.'), new OfflineError()])('where that fails the app is there all the same', async (error) => {
  patch.mockRejectedValue(error)
  await expect(settle(api, me(['timeZone']))).resolves.toEqual(me(['timeZone']))
})

test('who is signed out is', async () => {
  patch.mockRejectedValue(new SignedOutError())
  await expect(settle(api, me(['timeZone']))).rejects.toThrow(SignedOutError)
})
