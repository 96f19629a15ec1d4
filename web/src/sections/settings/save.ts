/** A part of a person's settings as it is typed and saved: what is not touched follows what is saved elsewhere. */
import { useState } from 'preact/hooks'
import { ProblemError, type Person, type Schemas } from '../../api/client'
import { calendars, person, takeAndKeep, theApi } from '../../state/session'
import { forgetMonths } from '../../state/events'
import { say } from '../../state/toast'
import { NO_TROUBLE, troubleOf, type Trouble } from './trouble'
import { words } from './words'

type PersonPatch = Partial<Schemas['PersonInput']>

export interface Part<T> {
  now: T
  busy: boolean
  trouble: Trouble
  /** It was changed elsewhere while it was typed here. */
  clash: boolean
  change: (part: Partial<T>) => void
  /** Say what is wrong, without asking the server. */
  refuse: (trouble: Trouble) => void
  save: () => Promise<void>
  /** Show what is saved instead of what was typed. */
  drop: () => void
}

export function usePart<T extends PersonPatch>(read: (me: Person) => T): Part<T> {
  const saved = read(person.value!)
  const [typed, setTyped] = useState<{ base: T; now: T } | null>(null)
  const [busy, setBusy] = useState(false)
  const [trouble, refuse] = useState<Trouble>(NO_TROUBLE)
  const [clash, setClash] = useState(false)
  const now = typed?.now ?? saved
  const drop = () => (setTyped(null), setClash(false), refuse(NO_TROUBLE))
  const save = async () => {
    setBusy(true)
    refuse(NO_TROUBLE)
    const base = JSON.stringify(typed?.base ?? saved)
    try {
      const met = await patchMe(now, (me) => JSON.stringify(read(me)) === base)
      setClash(met !== null)
      if (met) return setTyped({ base: read(met), now })
      setTyped(null)
      say(words.value.saved)
    } catch (error) {
      refuse(troubleOf(error))
    } finally {
      setBusy(false)
    }
  }
  const change = (part: Partial<T>) => setTyped({ base: typed?.base ?? saved, now: { ...now, ...part } })
  return { now, busy, trouble, clash, change, refuse, save, drop }
}

/** Save it upon what was read; null when that is done, else how it was changed elsewhere in the meantime. */
async function patchMe(patch: PersonPatch, isStill: (me: Person) => boolean): Promise<Person | null> {
  for (;;) {
    const headers = { 'If-Match': `"${person.value!.etag}"` }
    try {
      const { data } = await theApi().PATCH('/v1/me', { params: { header: headers }, body: patch })
      apply(data!)
      return null
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 412) throw error
    }
    const { data } = await theApi().GET('/v1/me')
    apply(data!)
    if (!isStill(data!)) return data!
  }
}

/** Language, zone and week count from now on, without loading anything anew. */
function apply(me: Person): void {
  const isElsewhere = me.timeZone !== person.value?.timeZone
  takeAndKeep(me, calendars.value)
  if (isElsewhere) forgetMonths()
}
