import { beforeEach, expect, test, vi } from 'vitest'

const unasked = () => Promise.reject(new Error('asked for nothing'))
async function begun() {
  vi.resetModules()
  return import('../src/state/versions')
}
let versions: Awaited<ReturnType<typeof begun>>
beforeEach(async () => void (versions = await begun()))

test('what was shown before an answer came is changed in the version that the answer told', async () => {
  versions.replaced('e', 'one', 'two')
  versions.replaced('e', 'two', 'three')
  for (const shown of ['one', 'two', 'three']) expect(await versions.versionOf('e', shown, unasked)).toBe('three')
  expect(await versions.versionOf('another', 'one', unasked)).toBe('one')
})

test('after a deletion, which tells none, the version is asked for, once', async () => {
  versions.replaced('e', 'one', null)
  expect(await versions.versionOf('e', 'one', async () => 'two')).toBe('two')
  expect(await versions.versionOf('e', 'one', unasked)).toBe('two')
})

test('after an undo all that was shown of it till then is changed in the version that it gave', async () => {
  versions.replaced('e', 'one', null)
  versions.putBack('e', ['two'], 'three')
  for (const shown of ['one', 'two', 'three']) expect(await versions.versionOf('e', shown, unasked)).toBe('three')
})

test('what was changed elsewhere between is no version of ours', async () => {
  versions.replaced('e', 'one', 'two')
  versions.replaced('e', 'theirs', 'four')
  expect(await versions.versionOf('e', 'one', unasked)).toBe('one')
  expect(await versions.versionOf('e', 'theirs', unasked)).toBe('four')
})
