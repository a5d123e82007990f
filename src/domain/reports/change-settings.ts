import { check } from '../../lib/check.ts'
import { type Static, type Unchecked, choice, fields, whole } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { readSite } from '../site/queries.ts'
import type { ReportSettings } from './report.ts'

export type ReportChanges = Static<typeof reportChanges>
const reportChanges = fields({
  asked: choice(['yes', 'no']),
  shown: choice(['yes', 'no']),
  shownFrom: whole(5, 10_000),
  burstReports: whole(2, 10_000),
  burstMinutes: whole(1, 120),
})

/** Whether readers are asked, and what follows from what they say. */
export async function changeReportSettings(change: Change, input: Unchecked<ReportChanges>): Promise<void> {
  const { asked, shown, shownFrom, burstReports, burstMinutes } = check(reportChanges, input)
  const burst = { reports: burstReports, minutes: burstMinutes }
  const reports: ReportSettings = { asked, shown, shownFrom, burst }
  const site = await readSite(change.tx)
  if (JSON.stringify(reports) === JSON.stringify(site.reports)) return
  await change.tx
    .updateTable('sites')
    .set({ reports: JSON.stringify(reports), updated_at: change.now })
    .where('id', '=', site.id)
    .execute()
  await change.record(
    { type: 'site.changed', subject: site.id, data: { name: site.name, fields: ['reports'] } },
    differences(['reports'], site, { reports }),
  )
}
