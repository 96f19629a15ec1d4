import { describe, expect, test } from 'vitest'
import { editorWords } from '../src/editor/words'
import { locale, words } from '../src/i18n'
import { reminderWords } from '../src/sections/reminders/words'
import { words as scheduleWords } from '../src/sections/schedules/words'
import { words as settingsWords } from '../src/sections/settings/words'

/** Buttons that stand beside each other somewhere. */
function neighbours(): Record<string, string[]> {
  const [w, own, reminder, schedule, setting] = [words.value, editorWords.value, reminderWords.value, scheduleWords.value, settingsWords.value]
  return {
    'a form': [w.cancel, w.save, w.delete, w.close],
    'what is not saved': [own.throwAway, own.keepWriting, w.cancel, w.save],
    'two versions': [w.takeTheirs, w.keepMine, w.cancel, w.save],
    'how far a change reaches': [w.scopeThis, w.scopeFollowing, w.scopeAll, w.cancel],
    'a reminder': [reminder.dismiss, reminder.snooze, w.cancel, w.save],
    'a booking': [w.cancel, schedule.cancel, schedule.cancelBooking],
    'an access': [setting.revoke, w.cancel],
  }
}

describe.each(['en', 'vi'])('in %s', (language) => {
  locale.value = language
  test.each(Object.entries(neighbours()))('no two buttons of %s read the same', (_, labels) => {
    expect(new Set(labels).size).toBe(labels.length)
  })
})

test('to go back from a form is not to dismiss a reminder', () => {
  locale.value = 'vi'
  expect(words.value.cancel).toBe('Hủy')
  expect(reminderWords.value.cancel).toBe(words.value.cancel)
})
