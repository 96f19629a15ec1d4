import { signal } from '@preact/signals'

/** Counts what was changed elsewhere or undone: whoever shows something reads it again when this grows. */
export const changes = signal(0)

export function changed(): void {
  changes.value += 1
}
