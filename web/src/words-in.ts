/** Finding by words as the server does: all of them, anywhere, whatever their case and their marks; "hop" finds "Họp". */

const STROKES: Record<string, string> = { đ: 'd', ð: 'd', ħ: 'h', ı: 'i', ł: 'l', ø: 'o', æ: 'ae', œ: 'oe' }

export function fold(text: string): string {
  return text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/[đðħıłøæœ]/g, (letter) => STROKES[letter]!)
}

export function hasWords(texts: readonly string[], query: string): boolean {
  const found = fold(texts.join('\n'))
  return fold(query).split(/\s+/).every((word) => found.includes(word))
}
