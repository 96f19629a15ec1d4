// The app's own files, at once and with no network. What people have (events, tasks) is in IndexedDB, not here.
const KEPT = "__KEPT__"
const CACHE = "aurora-__DIGEST__"
const PAGE = '/app/'

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

/** As it was kept with this build: the page and its files always belong together. */
async function kept(request) {
  const cache = await caches.open(CACHE)
  return (await cache.match(request)) ?? fetch(request)
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate' && url.pathname.startsWith(PAGE)) event.respondWith(kept(PAGE))
  else if (url.pathname.startsWith('/app/assets/')) event.respondWith(kept(request))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(show(event.notification.data))
})

/** What a notification is about, in a window of the app that is open, be it older than this worker; else in a new one. */
async function show(about) {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const open = windows.find(({ url }) => new URL(url).pathname.startsWith(PAGE))
  if (!open) return self.clients.openWindow(`${PAGE}reminders?${new URLSearchParams(about)}`)
  open.postMessage({ about })
  return open.focus()
}
