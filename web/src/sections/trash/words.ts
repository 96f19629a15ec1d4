import { wordsOf } from '../../i18n'
import { plural } from '../../i18n/plural'

export const trashWords = wordsOf({
  en: {
    stays: 'What you delete stays here for 30 days. Then it is gone for good.',
    empty: 'Nothing is deleted.',
    back: 'Go to the calendar',
    kinds: { event: 'Event', task: 'Task', calendar: 'Calendar' },
    deleted: 'deleted {when}',
    left: 'stays {count} more',
    lastDay: 'goes within a day',
    restore: 'Restore',
    restoreThis: 'Restore: {thing}',
    restored: 'Restored.',
    restoring: 'It is being brought back …',
    with: 'What was deleted with it',
    nothingWith: 'Nothing else was deleted with it.',
    more: 'Show older ones',
    partly: plural(
      'Restored, but {count} thing stays here: what it was is there again already.',
      'Restored, but {count} things stay here: what they were is there again already.',
    ),
  },
  vi: {
    stays: 'Những gì bạn xóa được giữ ở đây 30 ngày, sau đó sẽ mất hẳn.',
    empty: 'Chưa xóa gì cả.',
    back: 'Về lịch',
    kinds: { event: 'Sự kiện', task: 'Việc cần làm', calendar: 'Lịch' },
    deleted: 'đã xóa {when}',
    left: 'còn giữ {count}',
    lastDay: 'sẽ mất trong vòng một ngày',
    restore: 'Khôi phục',
    restoreThis: 'Khôi phục: {thing}',
    restored: 'Đã khôi phục.',
    restoring: 'Đang khôi phục …',
    with: 'Những gì bị xóa cùng',
    nothingWith: 'Không có gì khác bị xóa cùng.',
    more: 'Xem những mục cũ hơn',
    partly: plural('Đã khôi phục, nhưng còn {count} mục ở lại đây vì đã có mục trùng.'),
  },
})
