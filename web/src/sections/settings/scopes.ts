/** What a token may do: scopes as `events:read`, named for people. */
import { theConfig } from '../../config'
import { words } from './words'

export type Preset = 'read' | 'write' | 'own'

/** All scopes of this home's API, in their order; those of OpenID Connect have no colon. */
export function scopesOf(scope: string): string[] {
  return scope.split(' ').filter((each) => each.includes(':'))
}

/** Area -> its verbs: `events` -> read, write. */
export function areasOf(scopes: readonly string[]): Map<string, string[]> {
  const areas = new Map<string, string[]>()
  for (const each of scopes) {
    const [area, verb] = each.split(':') as [string, string]
    areas.set(area, [...(areas.get(area) ?? []), verb])
  }
  return areas
}

/** What is asked for by a choice: all that reads, all, or what was chosen. */
export function wantedScopes(preset: Preset, all: readonly string[], own: ReadonlySet<string>): string[] {
  if (preset === 'write') return [...all]
  return all.filter((each) => (preset === 'read' ? each.endsWith(':read') : own.has(each)))
}

/** Which choice these scopes are. */
export function presetOf(scopes: readonly string[], all: readonly string[]): Preset {
  const same = (preset: Preset) => wantedScopes(preset, all, new Set()).join() === all.filter((each) => scopes.includes(each)).join()
  return same('write') ? 'write' : same('read') ? 'read' : 'own'
}

/** In words, what they allow. */
export function allows(scopes: readonly string[]): string {
  const w = words.value
  const preset = presetOf(scopes, scopesOf(theConfig().scope))
  if (preset !== 'own') return w.presets[preset]
  const said = [...areasOf(scopes)].map(([area, verbs]) => `${areaName(area)} (${verbs.map(verbName).join(', ')})`)
  return said.join(', ')
}

export function areaName(area: string): string {
  return (words.value.areas as Record<string, string>)[area] ?? area
}

export function verbName(verb: string): string {
  return (words.value.verbs as Record<string, string>)[verb] ?? verb
}
