import { beforeEach, expect, test, vi } from 'vitest'

async function begun() {
  vi.resetModules()
  return import('../src/state/versions')
}
let versions: Awaited<ReturnType<typeof begun>>
beforeEach(async () => void (versions = await begun()))

test('what was shown before an answer came is changed in the version that the answer told', () => {
  versions.replaced('e', 'one', 'two')
  versions.replaced('e', 'two', 'three')
  for (const shown of ['one', 'two', 'three']) expect(versions.versionOf('e', shown)).toBe('three')
  expect(versions.versionOf('another', 'one')).toBe('one')
})

test('what is gone altogether keeps the version in which it was shown', () => {
  versions.replaced('e', 'one', null)
  expect(versions.versionOf('e', 'one')).toBe('one')
})

test('after an undo all that was shown of it till then is changed in the version that it gave', () => {
  versions.replaced('e', 'one', null)
  versions.putBack('e', ['two'], 'three')
  for (const shown of ['one', 'two', 'three']) expect(versions.versionOf('e', shown)).toBe('three')
})

test('what was changed elsewhere between is no version of ours', () => {
  versions.replaced('e', 'one', 'two')
  versions.replaced('e', 'theirs', 'four')
  expect(versions.versionOf('e', 'one')).toBe('one')
  expect(versions.versionOf('e', 'theirs')).toBe('four')
})
