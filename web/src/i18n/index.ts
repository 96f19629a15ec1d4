import { computed, signal } from '@preact/signals'
import { en, type Words } from './en'
import { vi } from './vi'

const CATALOGUES: Record<string, Words> = { en, vi }

export const locale = signal(navigator.language)

/** The language of a locale that we speak, English for any other. */
export function languageOf(tag: string): 'en' | 'vi' {
  return tag.toLowerCase().startsWith('vi') ? 'vi' : 'en'
}

export const words = computed<Words>(() => CATALOGUES[languageOf(locale.value)] ?? en)
