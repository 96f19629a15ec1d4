import { signal, type ReadonlySignal } from '@preact/signals'

function matching(media: string): ReadonlySignal<boolean> {
  const query = globalThis.matchMedia?.(media)
  const found = signal(query?.matches ?? false)
  query?.addEventListener('change', (change) => (found.value = change.matches))
  return found
}

/** Whether this is a phone held upright. */
export const narrow = matching('(max-width: 34rem)')
/** Whether the sidebar has no room of its own, as the styles have it. */
export const slim = matching('(max-width: 60rem)')
