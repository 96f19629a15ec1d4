import { parts } from './links'

/** Text as it is written, with its addresses of pages to follow. */
export function Linked({ text }: { text: string }) {
  return (
    <>
      {parts(text).map(({ text: part, isLink }, index) =>
        isLink ? (
          <a key={index} href={part} target="_blank" rel="noopener noreferrer">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </>
  )
}
