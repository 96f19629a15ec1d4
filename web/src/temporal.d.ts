// What browsers have by now, or get from temporal-polyfill.
import type { Temporal as T } from 'temporal-polyfill'

declare global {
  namespace Temporal {
    export import PlainDateTime = T.PlainDateTime
    export import Instant = T.Instant
  }
}
