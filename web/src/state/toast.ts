import { signal } from '@preact/signals'

export interface Toast {
  text: string
  action?: { label: string; run: () => void }
}

const SHOWN_MS = 8_000
export const toast = signal<Toast | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined

/** Say something in a corner for a while; the last word counts. */
export function say(text: string, action?: Toast['action']): void {
  clearTimeout(timer)
  toast.value = action ? { text, action } : { text }
  timer = setTimeout(() => (toast.value = null), SHOWN_MS)
}
