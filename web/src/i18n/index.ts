import { computed, signal, type ReadonlySignal } from '@preact/signals'
import { en, type Words } from './en'
import type { Plural } from './plural'
import { vi } from './vi'

export const locale = signal(navigator.language)

/** The language of a locale that we speak, English for any other. */
export function languageOf(tag: string): 'en' | 'vi' {
  return tag.toLowerCase().startsWith('vi') ? 'vi' : 'en'
}

/** The locale by which dates and numbers are written: that of the reader's browser, where it is of the chosen language. */
export function localeOf(chosen: string, wished: readonly string[]): string {
  return wished.find((tag) => tag.toLowerCase().startsWith(`${chosen.toLowerCase()}-`)) ?? chosen
}

/** The words of a part of the app, in the reader's language; both catalogues have the same ones. */
export function wordsOf<Catalogue>(catalogues: { en: Catalogue; vi: NoInfer<Catalogue> }): ReadonlySignal<Catalogue> {
  return computed(() => catalogues[languageOf(locale.value)])
}

export const words = wordsOf<Words>({ en, vi })

/** The form for so many, by the rules of the language that the words are in. */
export function formFor({ one, other }: Plural, count: number): string {
  return new Intl.PluralRules(languageOf(locale.value)).select(count) === 'one' ? one : other
}

/** `1 hour before`, `2 hours before`. */
export function counted(forms: Plural, count: number): string {
  return formFor(forms, count).replace('{count}', new Intl.NumberFormat(locale.value).format(count))
}
