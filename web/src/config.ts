/** What the home says of itself at /config.json; on AWS the same file lies beside the app. */
export interface Config {
  issuer: string
  clientId: string
  scope: string
  api: string
  home: boolean
  /** Mails stay on this machine, for whoever sits at it to read. */
  outbox: boolean
  /** The mail server is set by a page, for whoever sits at this machine. */
  mailForm: boolean
  /** The last mail, where it did not reach the mail server; told to whoever sits at this machine. */
  mailFailed?: { at: string; reason: string }
  /** Password, second step and address are kept by this home, not by another issuer. */
  ownAccounts: boolean
}

let current: Config

/** The configuration, once it was loaded. */
export function theConfig(): Config {
  return current
}

const KEY = 'aurora-config'

/** Where the OpenID Connect library keeps who is signed in. */
export function userKey({ issuer, clientId }: Config): string {
  return `oidc.user:${issuer}:${clientId}`
}

/** Who is signed in need not wait for it: what was known is taken, and what is new holds from the next start on. */
export async function loadConfig(): Promise<Config> {
  const text = localStorage.getItem(KEY)
  const kept = text ? (JSON.parse(text) as Config) : null
  const asked = ask()
  if (kept && localStorage.getItem(userKey(kept))) {
    void asked.catch(() => undefined)
    return (current = kept)
  }
  return (current = await asked)
}

/** What the home says now. */
export async function ask(): Promise<Config> {
  const answer = await fetch('/config.json', { cache: 'no-cache' })
  if (!answer.ok) throw new Error(`/config.json answered ${answer.status}`)
  const config = (await answer.json()) as Config
  // What happened to a mail is of this moment, and of nobody who comes later.
  localStorage.setItem(KEY, JSON.stringify({ ...config, mailFailed: undefined }))
  return config
}
