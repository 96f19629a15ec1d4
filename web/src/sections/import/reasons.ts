/** The reasons that a report gives, in the language of its reader. The server says them in English; `{}` is what it quotes. */
import { languageOf, locale } from '../../i18n'

const vietnamese: Readonly<Record<string, string>> = {
  // the text
  'There is no calendar in it: it must begin with BEGIN:VCALENDAR.': 'Trong đó không có lịch nào: văn bản phải bắt đầu bằng BEGIN:VCALENDAR.',
  'This is the {} of an invitation, not events to keep. Open it where it was sent to.': 'Đây là {} của một lời mời, không phải sự kiện để lưu. Hãy mở nó ở nơi đã nhận.',
  'There is no BEGIN:VCALENDAR; it is read as if there were.': 'Không có BEGIN:VCALENDAR; vẫn được đọc như thể có.',
  'There is no END:VCALENDAR; the text may have been cut off.': 'Không có END:VCALENDAR; văn bản có thể đã bị cắt mất phần cuối.',
  'It is missing; the text is read as version 2.0.': 'Thiếu mục này; văn bản được đọc theo phiên bản 2.0.',
  'What stands before the first line of a calendar is passed over.': 'Những gì đứng trước dòng đầu tiên của lịch được bỏ qua.',
  'A line that goes on must begin with a blank; it is taken to go on.': 'Dòng nối tiếp phải bắt đầu bằng dấu cách; dòng này được coi là nối tiếp.',
  'Blank lines are passed over.': 'Các dòng trống được bỏ qua.',
  '{} lines are folded inside a character; they are put together.': 'Có {} dòng bị ngắt giữa một ký tự; chúng được ghép lại.',
  'Lines end with CRLF; other ends are read as if they were.': 'Dòng phải kết thúc bằng CRLF; cách kết thúc khác vẫn được đọc như vậy.',
  'It has control characters, which iCalendar does not take; they are left out.': 'Có ký tự điều khiển mà iCalendar không nhận; chúng bị bỏ đi.',
  'A byte order mark stands before the text; it is passed over.': 'Trước văn bản có dấu thứ tự byte; dấu này được bỏ qua.',
  'The text is UTF-16, where iCalendar is UTF-8.': 'Văn bản là UTF-16, trong khi iCalendar dùng UTF-8.',
  'This is not UTF-8; it is read as Western European text.': 'Đây không phải UTF-8; được đọc như văn bản Tây Âu.',
  'There are {} more notes.': 'Còn {} ghi chú nữa.',
  // what stands in it
  '{} is not kept here: only events and tasks are.': 'Ở đây không lưu {}: chỉ lưu sự kiện và việc cần làm.',
  '{} comes before its END; it is taken to end here.': '{} đứng trước END của mục này; mục được coi là kết thúc ở đây.',
  'It has no END; it is taken to end here.': 'Mục này không có END; được coi là kết thúc ở đây.',
  'Nothing of this kind is open; it is passed over.': 'Không có mục nào loại này đang mở; dòng này được bỏ qua.',
  'The text ends within it, so it is left out.': 'Văn bản kết thúc giữa mục này nên nó bị bỏ ra.',
  'It stands here more than once; the first counts.': 'Mục này có nhiều lần; lần đầu được tính.',
  'It is empty; it is read as if it were not there.': 'Mục này trống; được đọc như thể không có.',
  'This is not written as iCalendar asks; it is read as it is meant.': 'Không được viết đúng như iCalendar yêu cầu; được đọc theo ý định.',
  'It is longer than {} characters; what is shown of it is cut.': 'Dài hơn {} ký tự; phần hiển thị bị cắt bớt.',
  'It is longer than {} characters; one is made of it.': 'Dài hơn {} ký tự; một mã ngắn được tạo từ nó.',
  '{} is not a number from {} to {}; it counts as {}.': '{} không phải là số từ {} đến {}; được tính là {}.',
  '{} is not known; it counts as {}.': 'Không rõ {}; được tính là {}.',
  '{} is not a link that can be followed; it is kept but not shown.': '{} không phải liên kết mở được; được giữ lại nhưng không hiển thị.',
  '{} is not the name of a colour; it is kept but not shown.': '{} không phải tên màu; được giữ lại nhưng không hiển thị.',
  'Of the categories the first {} of at most {} characters are shown.': 'Chỉ hiển thị {} nhóm đầu tiên có tối đa {} ký tự.',
  'It takes {} bytes as it is kept here, and at most {} are; of a text of more than {} characters, what is shown counts again.': 'Mục này chiếm {} byte khi được lưu ở đây, mà tối đa là {}; với văn bản dài hơn {} ký tự, phần hiển thị được tính thêm lần nữa.',
  // who
  'There is none; one is made of the content.': 'Không có; một mã được tạo từ nội dung.',
  'The UID {} belongs to another one too; this one gets its own.': 'UID {} cũng thuộc về một mục khác; mục này nhận mã riêng.',
  'Its UID belongs to something else in this text already.': 'UID của nó đã thuộc về mục khác trong văn bản này.',
  'Its UID belongs to something of another kind in this calendar.': 'UID của nó thuộc về một mục loại khác trong lịch này.',
  'There is another version of {}, as new or newer; that one counts.': 'Có một phiên bản khác của {}, mới bằng hoặc mới hơn; bản đó được tính.',
  'There is another version of this occurrence, as new or newer; that one counts.': 'Có một phiên bản khác của lần này, mới bằng hoặc mới hơn; bản đó được tính.',
  'Components without a DTSTAMP are taken as new.': 'Mục không có DTSTAMP được coi là mới.',
  'This address is named twice; the first counts.': 'Địa chỉ này được nêu hai lần; lần đầu được tính.',
  'An event has at most {} attendees.': 'Một sự kiện có tối đa {} người tham dự.',
  'It is kept as no part of another: that is left out, or there is a circle or over {} levels.': 'Không được giữ như phần của việc khác: việc đó bị bỏ ra, hoặc có vòng lặp hay quá {} cấp.',
  'It is being changed by somebody else all the time; import the text again.': 'Mục này liên tục bị người khác thay đổi; hãy nhập lại văn bản.',
  'An account holds at most {} events and tasks; this would be more. Delete some first.': 'Một tài khoản chứa tối đa {} sự kiện và việc cần làm; như vậy sẽ vượt quá. Hãy xóa bớt trước.',
  'The calendar was deleted in the meantime.': 'Lịch đã bị xóa trong lúc đó.',
  // when
  'It has no DTSTART, so nobody knows when it is.': 'Không có DTSTART nên không ai biết nó diễn ra khi nào.',
  '{} is not a day of the calendar.': '{} không phải là một ngày có thật.',
  '{} is not a date or a time.': '{} không phải là ngày hay giờ.',
  '{} is not a time of day.': '{} không phải là giờ trong ngày.',
  '{} is not a duration like P1D, PT1H30M or -PT15M.': '{} không phải là khoảng thời gian như P1D, PT1H30M hay -PT15M.',
  'it is negative, or none.': 'khoảng này âm hoặc bằng không.',
  'It cannot be followed and is passed over: {}.': 'Không làm theo được nên được bỏ qua: {}.',
  'It is passed over: {}.': 'Được bỏ qua: {}.',
  'Only the years 1000 to 8999 are kept here.': 'Ở đây chỉ lưu các năm từ 1000 đến 8999.',
  'An event lasts at most {} days.': 'Một sự kiện kéo dài tối đa {} ngày.',
  'An occurrence lasts at most {} days.': 'Một lần diễn ra kéo dài tối đa {} ngày.',
  'A date needs VALUE=DATE; it is read as if it had it.': 'Ngày cần có VALUE=DATE; vẫn được đọc như thể có.',
  'A date has no time of day; the time is left out.': 'Ngày không có giờ; phần giờ bị bỏ đi.',
  'A time in UTC has no TZID; it is read as UTC.': 'Giờ UTC không có TZID; được đọc là UTC.',
  'It must be in UTC; it is read as if it were, or in its own zone.': 'Phải là giờ UTC; được đọc như vậy, hoặc theo múi giờ của nó.',
  'Its TZID is empty; the time is read as a floating one.': 'TZID trống; giờ được đọc là giờ không thuộc múi giờ nào.',
  'A TZID with a colon must be quoted; it is read as if it were.': 'TZID có dấu hai chấm phải đặt trong ngoặc kép; vẫn được đọc như vậy.',
  "The time zone {} is no zone of IANA's; it is kept in UTC.": 'Múi giờ {} không phải của IANA; được lưu theo UTC.',
  'The time zone {} is kept as {}, which keeps its time.': 'Múi giờ {} được lưu thành {}, có cùng giờ.',
  'unknown time zone {}: use an IANA name such as Europe/Berlin, or send its VTIMEZONE.': 'không rõ múi giờ {}: hãy dùng tên IANA như Europe/Berlin, hoặc gửi kèm VTIMEZONE.',
  'a part of a VTIMEZONE lacks its DTSTART.': 'một phần của VTIMEZONE thiếu DTSTART.',
  'It is marked as all-day and lasts from midnight to midnight: a date.': 'Được đánh dấu cả ngày và kéo dài từ nửa đêm đến nửa đêm: là ngày.',
  'Start and end are not both dates or both times; the end is taken as the start is.': 'Bắt đầu và kết thúc không cùng là ngày hoặc cùng là giờ; kết thúc được lấy theo bắt đầu.',
  'Of start and end only one has a time zone; the end is taken as the start is.': 'Chỉ một trong hai giờ bắt đầu và kết thúc có múi giờ; kết thúc được lấy theo bắt đầu.',
  'The end of a day is the day after; it is taken to last one day.': 'Ngày kết thúc phải là ngày hôm sau; được coi là kéo dài một ngày.',
  'It ends before it starts; it is taken to end as soon as it can.': 'Kết thúc trước khi bắt đầu; được coi là kết thúc sớm nhất có thể.',
  'It is not of the kind that DUE is; it is taken as DUE is.': 'Không cùng loại với DUE; được lấy theo DUE.',
  'It lies after DUE; the task is taken to start when it is due.': 'Nằm sau DUE; việc được coi là bắt đầu khi đến hạn.',
  // how often
  "It repeats in a time zone that is none of IANA's.": 'Lặp lại trong một múi giờ không phải của IANA.',
  'It is not of the kind that the start of its series is; it is taken as that one is.': 'Không cùng loại với giờ bắt đầu của chuỗi; được lấy theo chuỗi.',
  'RANGE=THISANDFUTURE is read as a change of this occurrence alone.': 'RANGE=THISANDFUTURE được đọc là thay đổi chỉ của lần này.',
  'A single occurrence does not repeat; this is left out.': 'Một lần riêng lẻ không lặp lại; phần này bị bỏ đi.',
  'A task that repeats needs a DTSTART or a DUE; it is kept but not repeated.': 'Việc lặp lại cần DTSTART hoặc DUE; được giữ lại nhưng không lặp.',
  'This is no part of iCalendar any more: it is kept, but nothing is left out for it.': 'Mục này không còn thuộc iCalendar: được giữ lại, nhưng không có lần nào bị bỏ vì nó.',
  'COUNT: cannot stand with UNTIL; keep one of the two.': 'COUNT không đi cùng UNTIL; hãy giữ một trong hai.',
  'FREQ: {} is unknown; use one of {}.': 'FREQ: không rõ {}; hãy dùng một trong {}.',
}

type Reading = readonly [pattern: RegExp, words: string]
let readings: readonly Reading[] | undefined

/** Those with fewer gaps come first: what says most of a reason is what it is. */
function read(): readonly Reading[] {
  const gaps = (text: string) => text.split('{}').length
  const patternOf = (text: string) => new RegExp(`^${text.split('{}').map(escaped).join('(.+?)')}$`, 's')
  readings ??= Object.entries(vietnamese)
    .sort(([one], [other]) => gaps(one) - gaps(other))
    .map(([text, words]) => [patternOf(text), words] as const)
  return readings
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** A reason as its reader is told it; what is not known here stays as the server says it. */
export function reasonText(english: string): string {
  if (languageOf(locale.value) === 'en') return english
  for (const [pattern, words] of read()) {
    const quoted = pattern.exec(english)?.slice(1)
    if (quoted) return quoted.reduce((text, part) => text.replace('{}', () => within(part)), words)
  }
  return english
}

/** A reason within another has no full stop. */
function within(part: string): string {
  const text = reasonText(`${part}.`)
  return text.replace(/\.$/, '')
}
