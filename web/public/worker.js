// The app's own files with no network. What people keep (events, tasks) is in IndexedDB, not here.
const KEPT = "__KEPT__"
const CACHE = `aurora-${KEPT.join().length}-${KEPT[KEPT.length - 1]}`

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(KEPT))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate' && url.pathname.startsWith('/app/')) {
    event.respondWith(fetch(request).catch(() => caches.match('/app/')))
  } else if (url.pathname.startsWith('/app/assets/')) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)))
  }
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const shown = self.clients.matchAll({ type: 'window' })
  event.waitUntil(shown.then(([open]) => (open ? open.focus() : self.clients.openWindow('/app/reminders'))))
})
