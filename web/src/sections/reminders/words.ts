import { wordsOf } from '../../i18n'
import { en } from './english'
import { vi } from './vietnamese'

export const reminderWords = wordsOf({ en, vi })
