/** What the home says of itself at /config.json; on AWS the same file lies beside the app. */
export interface Config {
  issuer: string
  clientId: string
  scope: string
  api: string
  home: boolean
  outbox: boolean
}

const KEY = 'aurora-config'

/** The last known configuration stands in where there is no network. */
export async function loadConfig(): Promise<Config> {
  try {
    const answer = await fetch('/config.json', { cache: 'no-cache' })
    if (!answer.ok) throw new Error(`/config.json answered ${answer.status}`)
    const config = (await answer.json()) as Config
    localStorage.setItem(KEY, JSON.stringify(config))
    return config
  } catch (error) {
    const kept = localStorage.getItem(KEY)
    if (kept) return JSON.parse(kept) as Config
    throw error
  }
}
