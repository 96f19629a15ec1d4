const KEY = 'aurora-reloaded'
const AGAIN_MS = 60_000

/** An open tab asks for parts of a version that an upgrade has taken away: it is loaded anew, once. */
export function mendUpgrades(): void {
  addEventListener('vite:preloadError', () => {
    const before = Number(sessionStorage.getItem(KEY) ?? 0)
    if (!navigator.onLine || Date.now() - before < AGAIN_MS) return
    sessionStorage.setItem(KEY, String(Date.now()))
    location.reload()
  })
}
