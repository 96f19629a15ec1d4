import { words as common } from '../../i18n'
import type { Loaded } from './loaded'

/** What stands in the place of something that is not there yet, or could not be read. */
export function Unready({ loaded: { problem, again } }: { loaded: Loaded<unknown> }) {
  if (!problem) return <p class="soft">{common.value.loading}</p>
  return (
    <p class="problem" role="alert">
      {problem}{' '}
      <button type="button" onClick={() => void again()}>
        {common.value.tryAgain}
      </button>
    </p>
  )
}
