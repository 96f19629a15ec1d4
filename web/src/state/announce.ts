import { signal } from '@preact/signals'

/** What is said to who cannot see that something moved. */
export const announced = signal('')
