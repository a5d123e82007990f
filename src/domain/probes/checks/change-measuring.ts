import { check } from '../../../lib/check.ts'
import { type Static, type Unchecked, choice, fields, whole } from '../../../lib/fields.ts'
import type { Change } from '../../changes/change.ts'
import { differences } from '../../changes/difference.ts'
import { readSite } from '../../site/queries.ts'
import { type Measuring, keptWithin } from './keeping.ts'

export type MeasuringChanges = Static<typeof measuringChanges>
const measuringChanges = fields({
  shown: choice(['yes', 'no']),
  rawHours: whole(keptWithin.rawHours.least, keptWithin.rawHours.most),
  hourDays: whole(keptWithin.hourDays.least, keptWithin.hourDays.most),
  dayDays: whole(keptWithin.dayDays.least, keptWithin.dayDays.most),
})

/** How long what was measured is kept, and whether readers see it. What is older is forgotten within the hour. */
export async function changeMeasuring(change: Change, input: Unchecked<MeasuringChanges>): Promise<void> {
  const measuring: Measuring = check(measuringChanges, input)
  const site = await readSite(change.tx)
  if (JSON.stringify(measuring) === JSON.stringify(site.measuring)) return
  await change.tx
    .updateTable('sites')
    .set({ measuring: JSON.stringify(measuring), updated_at: change.now })
    .where('id', '=', site.id)
    .execute()
  await change.record(
    { type: 'site.changed', subject: site.id, data: { name: site.name, fields: ['measuring'] } },
    differences(['measuring'], site, { measuring }),
  )
}
