import { words } from '../i18n'
import { close } from '../state/open'
import { Dialog } from './dialog'

/** What the keyboard can do. */
export function Help() {
  const w = words.value
  const rows: [string, string][] = [
    ['T', w.today],
    ['D  W  M  A', `${w.day}, ${w.week}, ${w.month}, ${w.agenda}`],
    ['←  →', `${w.previous}, ${w.next}`],
    ['N', w.newEvent],
    ['Q', w.quickAddKey],
    ['/', w.search],
    ['Ctrl Z', w.undo],
    ['?', w.keys],
  ]
  return (
    <Dialog label={w.keys} onClose={close}>
      <h2>{w.keys}</h2>
      <dl class="keys">
        {rows.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="soft">{w.moveHint}</p>
      <div class="buttons">
        <button type="button" class="main" onClick={close}>
          {w.close}
        </button>
      </div>
    </Dialog>
  )
}
