import { signal } from '@preact/signals'

export interface Ended {
  /** The account itself is deleted; backups hold something of it until this instant. */
  backupsUntil?: string
  /** By a new password, which signs out every device. */
  passwordChanged?: boolean
  /** With all other devices, where another issuer signs people in. */
  everywhere?: boolean
}

/** Set when nobody is signed in here any more: signed out elsewhere, or the account is gone. */
export const ended = signal<Ended | null>(null)

/** Signed out, unless it is known already why. */
export function end(): void {
  ended.value ??= {}
}
