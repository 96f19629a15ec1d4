import { changes } from '../../state/changes'
import { go } from '../../state/route'
import { List } from './list'
import './trash.css'
import { trashWords } from './words'

/** What was deleted, how long it stays, and the way back. */
export default function Section() {
  return (
    <div class="trash">
      <p class="soft">{trashWords.value.stays}</p>
      <List again={changes.value} empty={<Nothing />} />
    </div>
  )
}

function Nothing() {
  const w = trashWords.value
  return (
    <div class="empty">
      <p>{w.empty}</p>
      <button type="button" onClick={() => go({})}>
        {w.back}
      </button>
    </div>
  )
}
