import { componentNames } from '../../domain/components/queries.ts'
import { monthRecord, recordedOf, trackRecord } from '../../domain/record/queries.ts'
import { firstMonth } from '../../domain/site/first-month.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { isDay } from '../../lib/days.ts'
import type { Reader } from '../../domain/site/reader.ts'
import type { Params } from '../shared/paths.ts'
import type { Read } from '../shared/publication.ts'
import type { renderer } from '../shared/views.ts'
import { addresses } from './addresses.ts'
import { recordMonthModel } from './record-month-page.ts'
import { recordModel } from './record-page.ts'
import type { PublicViews } from './views.ts'

interface Parts {
  readonly view: ReturnType<typeof renderer<PublicViews>>
  /** Where the page stands, without a slash at its end. */
  readonly url: string
}

/** The record of twelve months, and what each month of it was computed from. */
export function recordPages({ view, url }: Parts) {
  return {
    '/record': {
      async draw(snapshot: Snapshot, reader: Reader, _params: Params, read: Read): Promise<string> {
        const { site, today, hour } = snapshot
        const record = await read(recordedOf, trackRecord, { site, today, now: hour })
        return view('public/record', recordModel(record, snapshot, reader, url))
      },
      all: (): string[] => ['/record'],
    },
    '/record/:month': {
      async draw(snapshot: Snapshot, reader: Reader, { month = '' }: Params, read: Read): Promise<string | null> {
        const { site, today } = snapshot
        const first = await read(recordedOf, firstMonth, site)
        if (!isDay(`${month}-01`) || month > today.slice(0, 7) || month < first) return null
        // A month that is over does not ask what time it is, so it is not rendered every hour.
        const now = month === today.slice(0, 7) ? snapshot.hour : null
        const record = await read(recordedOf, monthRecord, month, { site, now })
        const ids = record.facts.falseAlarms.flatMap(({ componentIds }) => componentIds)
        const names = await read(recordedOf, componentNames, [...new Set(ids)])
        return view('public/record-month', recordMonthModel({ ...record, first, names }, snapshot, reader, url))
      },
      all: addresses.recordMonths,
    },
  }
}
