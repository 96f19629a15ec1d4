import { expect, test } from 'vitest'
import { parts } from '../src/editor/links'

const links = (text: string) => parts(text).filter(({ isLink }) => isLink).map((part) => part.text)

test.each([
  ['see https://example.org/x.', ['https://example.org/x']],
  ['(at http://example.org/a?b=c&d=e#f)', ['http://example.org/a?b=c&d=e#f']],
  ['https://en.wikipedia.org/wiki/Choir_(music), and HTTPS://EXAMPLE.ORG', ['https://en.wikipedia.org/wiki/Choir_(music)', 'HTTPS://EXAMPLE.ORG']],
  ['javascript:alert(1) data:text/html,x mailto:an@example.org ftp://example.org', []],
  ['https:// is no address', []],
  ['"https://example.org"<b>', ['https://example.org']],
])('of %j, pages of the web are links', (text, found) => {
  expect(links(text)).toEqual(found)
  expect(parts(text).map((part) => part.text).join('')).toBe(text)
})
