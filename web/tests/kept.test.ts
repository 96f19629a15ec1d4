import { beforeEach, expect, test, vi } from 'vitest'

const stored = new Map<string, string>()
vi.stubGlobal('localStorage', {
  get length() {
    return stored.size
  },
  key: (index: number) => [...stored.keys()][index] ?? null,
  removeItem: (key: string) => void stored.delete(key),
})
const about = vi.fn<() => object | undefined>()
const database = { get: async () => about(), clear: async () => undefined, close: () => undefined }
vi.mock('idb', () => ({ openDB: async () => database, deleteDB: async () => undefined }))

const OF_THE_BROWSER = ['aurora-config', 'aurora-signed-out', 'aurora-hidden-somebody', 'of another app']
const OF_SOMEBODY = ['aurora-hours', 'aurora-notices', 'aurora-rung', 'aurora-failures-seen']

async function begun() {
  vi.resetModules()
  stored.clear()
  for (const key of [...OF_THE_BROWSER, ...OF_SOMEBODY]) stored.set(key, '1')
  return import('../src/state/kept')
}
let kept: Awaited<ReturnType<typeof begun>>
beforeEach(async () => (about.mockReset(), void (kept = await begun())))

test('who signs out leaves nothing of what they had or chose to whoever comes next', async () => {
  await kept.forgetAll()
  expect([...stored.keys()]).toEqual(OF_THE_BROWSER)
})

test('nor does who was signed in here and did not sign out', async () => {
  about.mockReturnValue({ subject: 'an' })
  await kept.keptAbout('binh')
  expect([...stored.keys()]).toEqual(OF_THE_BROWSER)
})

test('who comes back finds what was theirs', async () => {
  about.mockReturnValue({ subject: 'an' })
  await kept.keptAbout('an')
  expect([...stored.keys()]).toEqual([...OF_THE_BROWSER, ...OF_SOMEBODY])
})

test('what would be kept while somebody signs out goes with the rest, and no script fails', async () => {
  about.mockImplementation(() => {
    throw new DOMException('The database connection is closing.', 'InvalidStateError')
  })
  expect(await kept.keptMonth('2027-03')).toBeUndefined()
  expect(await kept.keptAbout('an')).toBeUndefined()
  expect(await kept.keptTasks('an')).toEqual([])
})

test('what else goes wrong with it is not hidden', async () => {
  about.mockImplementation(() => {
    throw new DOMException('The disk is full.', 'QuotaExceededError')
  })
  await expect(kept.keptMonth('2027-03')).rejects.toThrow('The disk is full.')
})
