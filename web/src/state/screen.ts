import { signal } from '@preact/signals'

const query = globalThis.matchMedia?.('(max-width: 34rem)')

/** Whether this is a phone held upright. */
export const narrow = signal(query?.matches ?? false)
query?.addEventListener('change', (change) => (narrow.value = change.matches))
