import { useEffect, useState } from 'preact/hooks'
import { explain } from '../../state/actions'

export interface Loaded<T> {
  /** null: not yet, or not to be had. */
  found: T | null
  problem: string
  again: () => Promise<void>
}

/** What is read when it is first shown, and again when it was changed. `tell` says what is in the way. */
export function useLoaded<T>(read: () => Promise<T>, tell = explain): Loaded<T> {
  const [found, setFound] = useState<T | null>(null)
  const [problem, setProblem] = useState('')
  const again = async () => {
    try {
      setFound(await read())
      setProblem('')
    } catch (error) {
      setProblem(tell(error))
    }
  }
  useEffect(() => void again(), [])
  return { found, problem, again }
}
