import { useState } from 'preact/hooks'
import { explainPool } from './pool-words'

/** A form's one button: it does something, and says what is in the way. What was typed stays. */
export function useAttempt(explain = explainPool) {
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const attempt = async (deed: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await deed()
      setProblem('')
    } catch (error) {
      setProblem(explain(error))
    }
    setBusy(false)
  }
  return { problem, busy, attempt, forget: () => setProblem('') }
}
