import { expect, test } from 'vitest'
import { joined, queue } from '../src/line'

test('what could not be sent comes back before what was written since', () => {
  expect(joined('Book the room', '')).toBe('Book the room')
  expect(joined('Book the room ', 'Print')).toBe('Book the room Print')
})

test('lines are sent in the order in which they were written, whichever is answered first', async () => {
  const [inTurn, sent] = [queue(), [] as string[]]
  let answer = (): void => undefined
  const first = inTurn(() => new Promise<void>((resolve) => (answer = resolve)).then(() => sent.push('first')))
  const second = inTurn(async () => sent.push('second'))
  await Promise.resolve()
  expect(sent).toEqual([])
  answer()
  await Promise.all([first, second])
  expect(sent).toEqual(['first', 'second'])
})

test('a line that fails does not hold up the next', async () => {
  const inTurn = queue()
  const first = inTurn(() => Promise.reject(new Error('no network')))
  const second = inTurn(async () => 'sent')
  await expect(first).rejects.toThrow('no network')
  expect(await second).toBe('sent')
})
