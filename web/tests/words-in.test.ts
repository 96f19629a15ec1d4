import { expect, test } from 'vitest'
import { hasWords } from '../src/words-in'

test('a task is found by all of the words, in any order, case and marks', () => {
  const texts = ['Nộp thuế Thu nhập', 'Đường Lê Lợi']
  expect(['nhap THUE', 'duong  nop ', 'thuế'].map((query) => hasWords(texts, query))).toEqual([true, true, true])
  expect(hasWords(texts, 'thuế xe')).toBe(false)
})
