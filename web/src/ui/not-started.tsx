import { words } from '../i18n'

/** There is nothing to show: neither the home nor what was kept. */
export function NotStarted() {
  return (
    <main class="empty" role="alert">
      <p>{words.value.failed}</p>
      <button type="button" class="main" onClick={() => location.reload()}>
        {words.value.tryAgain}
      </button>
    </main>
  )
}
