import { wordsOf } from '../i18n'

const en = {
  look: 'Colour, busy or free, who may see it',
  calendarColor: 'As its calendar',
  shownAs: 'Others see me as',
  busy: 'Busy',
  free: 'Free',
  visibility: 'Who may see it',
  DEFAULT: 'As usual',
  PUBLIC: 'Everybody who sees the calendar',
  PRIVATE: 'Only I: others see that I am busy',
  CONFIDENTIAL: 'Confidential',
  unsaved: 'What you wrote is not saved.',
  keepWriting: 'Go on writing',
  throwAway: 'Throw it away',
  exceptions: 'Changed and removed days',
  noExceptions: 'No day of this series is changed or removed.',
  removedDay: 'removed',
  giveBack: 'Give it back',
  asOthers: 'As the others again',
  givenBack: 'It is back.',
}

const vi: typeof en = {
  look: 'Màu, bận hay rảnh, ai xem được',
  calendarColor: 'Theo lịch của nó',
  shownAs: 'Người khác thấy tôi',
  busy: 'Bận',
  free: 'Rảnh',
  visibility: 'Ai xem được',
  DEFAULT: 'Như thường lệ',
  PUBLIC: 'Mọi người thấy lịch này',
  PRIVATE: 'Chỉ tôi: người khác chỉ thấy tôi bận',
  CONFIDENTIAL: 'Bảo mật',
  unsaved: 'Những gì bạn viết chưa được lưu.',
  keepWriting: 'Viết tiếp',
  throwAway: 'Bỏ đi',
  exceptions: 'Những ngày đã đổi và đã bỏ',
  noExceptions: 'Chưa có ngày nào của chuỗi này bị đổi hay bỏ.',
  removedDay: 'đã bỏ',
  giveBack: 'Lấy lại',
  asOthers: 'Lại như các ngày khác',
  givenBack: 'Đã lấy lại.',
}

export const editorWords = wordsOf({ en, vi })
