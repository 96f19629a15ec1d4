/** A part of a person's settings as it is typed and saved: what is not touched follows what is saved elsewhere. */
import { useState } from 'preact/hooks'
import { ProblemError, type Person, type Schemas } from '../../api/client'
import { rereadPerson, takePerson } from '../../state/person'
import { person, theApi } from '../../state/session'
import { fits, overlaid } from '../../merge'
import { sayDeed } from '../../state/deeds'
import { keepWriting, keptWriting } from '../../state/writing'
import { NO_TROUBLE, troubleOf, type Trouble } from './trouble'
import { words } from './words'

type PersonPatch = Partial<Schemas['PersonInput']>

export interface Part<T> {
  now: T
  /** It is not what is saved. */
  isTyped: boolean
  busy: boolean
  trouble: Trouble
  /** What is saved now, where the same was changed elsewhere while it was typed here. */
  clash: T | null
  change: (part: Partial<T>) => void
  /** Say what is wrong, without asking the server. */
  refuse: (trouble: Trouble) => void
  save: () => Promise<void>
  /** Show what is saved instead of what was typed. */
  drop: () => void
}

/** What was typed, and what was saved when that began. */
interface Typed<T> {
  base: T
  now: T
}

export function usePart<T extends PersonPatch>(read: (me: Person) => T): Part<T> {
  const saved = read(person.value!)
  const name = `settings-${Object.keys(saved).join()}`
  const [typed, setState] = useState(() => keptWriting<Typed<T>>(name))
  // Whoever looks at something else meanwhile finds it again.
  const setTyped = (to: Typed<T> | null) => (keepWriting(name, to), setState(to))
  const [busy, setBusy] = useState(false)
  const [trouble, refuse] = useState<Trouble>(NO_TROUBLE)
  const [clash, setClash] = useState<T | null>(null)
  const now = typed?.now ?? saved
  const drop = () => (setTyped(null), setClash(null), refuse(NO_TROUBLE))
  const save = async () => {
    setBusy(true)
    refuse(NO_TROUBLE)
    try {
      const { left, theirs } = await saveOver(typed?.base ?? saved, now, read)
      setClash(theirs)
      if (theirs) return setTyped({ base: theirs, now: left })
      setTyped(null)
      sayDeed(words.value.saved)
    } catch (error) {
      refuse(troubleOf(error))
    } finally {
      setBusy(false)
    }
  }
  const change = (part: Partial<T>) => setTyped({ base: typed?.base ?? saved, now: { ...now, ...part } })
  const isTyped = JSON.stringify(now) !== JSON.stringify(saved)
  return { now, isTyped, busy, trouble, clash, change, refuse, save, drop }
}

/**
 * Save what was written upon `base`, over what was saved elsewhere meanwhile. Where the same was changed there too, nothing
 * is saved: `theirs` is how it stands now, and `left` what would be saved over it.
 */
async function saveOver<T extends PersonPatch>(base: T, written: T, read: (me: Person) => T): Promise<{ left: T; theirs: T | null }> {
  for (let [from, left] = [base, written]; ; ) {
    const headers = { 'If-Match': `"${person.value!.etag}"` }
    // Others may have been read meanwhile: what is not of these fields is nobody's here.
    const known = read(person.value!)
    if (!fits(from, left, known)) return { left: overlaid(from, left, known), theirs: known }
    ;[from, left] = [known, overlaid(from, left, known)]
    try {
      const { data } = await theApi().PATCH('/v1/me', { params: { header: headers }, body: left })
      takePerson(data!)
      return { left, theirs: null }
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 412) throw error
    }
    await rereadPerson()
  }
}
