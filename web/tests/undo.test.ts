import { beforeEach, expect, test, vi } from 'vitest'

vi.mock('../src/state/session', () => ({ theApi: () => ({ POST: undone }), zone: { value: 'UTC' } }))
vi.mock('../src/state/events', () => ({ lay: () => () => undefined, wrote: () => undefined, refresh: async () => undefined }))
vi.mock('../src/state/window', () => ({ windowOf: () => ({ from: '', to: '' }) }))
vi.mock('../src/state/nudge', () => ({ rest: async () => undefined }))

const tokens: string[] = []
async function undone(_: string, { body }: { body: { token: string } }) {
  tokens.push(body.token)
  return { response: new Response() }
}

beforeEach(() => void (tokens.length = 0))

const answered = (token: string) => new Response(null, { headers: { 'Undo-Token': token } })

test('what began last is undone, though its answer came before that of an earlier deed', async () => {
  const { beginDeed, sayDone, undo } = await import('../src/state/actions')
  const [tick, removal] = [beginDeed(), beginDeed()]
  sayDone(answered('of the removal'), 'Deleted.', removal)
  sayDone(answered('of the tick'), 'Done.', tick)
  await undo()
  expect(tokens).toEqual(['of the removal'])
})
