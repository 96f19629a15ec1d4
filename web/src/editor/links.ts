/** Pure: the addresses of pages in a text. */
export interface Part {
  text: string
  isLink: boolean
}

const ADDRESS = /https?:\/\/[^\s<>"]+/gi
/** What ends a sentence or a bracket rather than an address. */
const AFTER = /[.,;:!?'’)\]}]+$/

/** The text in parts, no letter of it changed; only pages of the web are links. */
export function parts(text: string): Part[] {
  const found: Part[] = []
  let done = 0
  for (const { 0: whole, index } of text.matchAll(ADDRESS)) {
    const address = bare(whole)
    if (!URL.canParse(address)) continue
    found.push({ text: text.slice(done, index), isLink: false }, { text: address, isLink: true })
    done = index + address.length
  }
  return [...found, { text: text.slice(done), isLink: false }].filter((part) => part.text)
}

/** A bracket that the address opened itself belongs to it. */
function bare(address: string): string {
  const cut = address.replace(AFTER, '')
  const isOpen = cut.split('(').length > cut.split(')').length
  return isOpen && address[cut.length] === ')' ? `${cut})` : cut
}
