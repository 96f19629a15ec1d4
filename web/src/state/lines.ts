/** Lines that are sent with Enter: the field is free at once, and what could not be sent stands in it again. */
import { signal } from '@preact/signals'
import { joined, queue } from '../line'
import { keepWriting, keptWriting } from './writing'

/** Name of a line -> what is written in it; kept here, so that it is still there when its field is drawn anew. */
const written = signal<ReadonlyMap<string, string>>(new Map())
const inTurn = queue()

export interface Line {
  text: string
  write: (text: string) => void
  /** Send what is written, after what was sent before it; `send` answers whether it was done. */
  submit: (send: (text: string) => Promise<boolean>) => Promise<boolean>
}

export function lineOf(name: string): Line {
  const read = () => written.value.get(name) ?? keptWriting<string>(`line-${name}`) ?? ''
  const write = (text: string) => {
    const left = new Map(written.peek())
    if (text) left.set(name, text)
    else left.delete(name)
    written.value = left
    keepWriting(`line-${name}`, text || null)
  }
  const submit = (send: (text: string) => Promise<boolean>) => {
    const text = read()
    write('')
    return inTurn(async () => {
      const done = await send(text)
      if (!done) write(joined(text, read()))
      return done
    })
  }
  return { text: read(), write, submit }
}
