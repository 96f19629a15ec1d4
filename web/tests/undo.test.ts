import { beforeEach, expect, test, vi } from 'vitest'
import { ProblemError } from '../src/api/client'

const undoing = vi.fn<(token: string) => Promise<{ data: { items: object[] }; response: Response }>>()
const undone = (_: string, { body }: { body: { token: string } }) => undoing(body.token)
const tokens = () => undoing.mock.calls.map(([token]) => token)

vi.mock('../src/state/session', () => ({ theApi: () => ({ POST: undone }), zone: { value: 'UTC' } }))
vi.mock('../src/state/events', () => ({ lay: () => () => undefined, wrote: () => undefined, refresh: async () => undefined }))
vi.mock('../src/state/window', () => ({ windowOf: () => ({ from: '', to: '' }) }))
vi.mock('../src/state/nudge', () => ({ rest: async () => undefined }))

beforeEach(() => void undoing.mockReset().mockResolvedValue({ data: { items: [] }, response: new Response() }))

const { sayDone, written } = await import('../src/state/actions')
const { beginDeed, sayDeed, sayFailed, undo } = await import('../src/state/deeds')
const { toast } = await import('../src/state/toast')
const answered = (token: string) => new Response(null, { headers: { 'Undo-Token': token } })

test('what began last is undone, though its answer came before that of an earlier deed', async () => {
  const [tick, removal] = [beginDeed(), beginDeed()]
  sayDone(answered('of the removal'), 'Deleted.', removal)
  sayDone(answered('of the tick'), 'Done.', tick)
  await undo()
  expect(tokens()).toEqual(['of the removal'])
})

test('what cannot be undone leaves nothing to undo of what was done before it', async () => {
  sayDone(answered('of an event'), 'Deleted.')
  sayDeed('Saved.')
  expect(toast.value).toEqual({ text: 'Saved.' })
  await undo()
  expect(tokens()).toEqual([])
  expect(toast.value?.text).toBe('There is nothing to undo.')
})

test('what has a way back of its own is undone by that, once', async () => {
  const back = vi.fn(async () => undefined)
  sayDone(answered('of an event'), 'Deleted.')
  sayDeed('The calendar is deleted.', back)
  expect(toast.value?.action?.label).toBe('Undo')
  await undo()
  await undo()
  expect(back).toHaveBeenCalledOnce()
  expect(tokens()).toEqual([])
})

test('what is still being written is waited for and undone, not what was done before it', async () => {
  sayDone(answered('of before'), 'Changed.')
  let answer!: (_: { response: Response }) => void
  const answering = new Promise<{ response: Response }>((arrived) => (answer = arrived))
  const writing = written([], () => answering, 'Deleted.')
  const undoes = undo()
  answer({ response: answered('of the removal') })
  await Promise.all([writing, undoes])
  expect(tokens()).toEqual(['of the removal'])
})

test('that a deed failed is not covered by the answer of one before it, which can still be undone', async () => {
  const [first, second] = [beginDeed(), beginDeed()]
  sayFailed('It was changed elsewhere.', second)
  sayDone(answered('of the first'), 'Deleted.', first)
  expect(toast.value?.text).toBe('It was changed elsewhere.')
  await undo()
  expect(tokens()).toEqual(['of the first'])
})

test('what can no longer be undone is said so in plain words', async () => {
  undoing.mockRejectedValue(new ProblemError(409, '/problems#conflict', 'it was never an `Undo-Token`'))
  sayDone(answered('of long ago'), 'Deleted.')
  await undo()
  expect(toast.value?.text).toBe('This can no longer be undone: it was changed since, or too much time has passed.')
})
