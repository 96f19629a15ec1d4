import { wordsOf } from '../i18n'

const en = {
  options: 'Options of {name}',
  edit: 'Calendar “{name}”',
  onlyThis: 'Show only this one',
  showAll: 'Show all again',
  remind: 'Also remind me of each of its events',
  notAlso: 'Only as usual',
  otherRule: 'In a way of its own: see Reminders',
  remove: 'Delete with all that is in it',
  removed: '“{name}” is deleted, with all that was in it.',
  primary: 'New events go here unless you choose another calendar, so it cannot be deleted.',
}

const vi: typeof en = {
  options: 'Tùy chọn của {name}',
  edit: 'Lịch “{name}”',
  onlyThis: 'Chỉ hiện lịch này',
  showAll: 'Hiện lại tất cả',
  remind: 'Nhắc thêm cho mọi sự kiện của lịch này',
  notAlso: 'Chỉ như thường lệ',
  otherRule: 'Theo cách riêng: xem Nhắc nhở',
  remove: 'Xóa cùng mọi thứ trong đó',
  removed: 'Đã xóa “{name}” cùng mọi thứ trong đó.',
  primary: 'Sự kiện mới vào đây trừ khi bạn chọn lịch khác, nên không thể xóa.',
}

export const calendarWords = wordsOf({ en, vi })
