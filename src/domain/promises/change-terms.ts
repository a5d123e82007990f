import { check } from '../../lib/check.ts'
import { Invalid } from '../../lib/errors.ts'
import { type Static, type Unchecked, fields, whole } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { readSite } from '../site/queries.ts'
import type { Terms } from './terms.ts'

/** A promise of less than five minutes cannot be reminded of, one of more than a day is none. */
const minutes = whole(5, 24 * 60)
const hours = whole(1, 365 * 24)

export type TermsChanges = Static<typeof termsChanges>
const termsChanges = fields({
  updateCritical: minutes,
  updateMajor: minutes,
  updateMinor: minutes,
  reviewCritical: hours,
  reviewMajor: hours,
  finalReviewCritical: hours,
  finalReviewMajor: hours,
})

/** Changes what is promised from now on; what was promised already stays as it was. */
export async function changeTerms(change: Change, input: Unchecked<TermsChanges>): Promise<void> {
  const given = check(termsChanges, input)
  for (const severity of ['Critical', 'Major'] as const) {
    if (given[`finalReview${severity}`] < given[`review${severity}`]) {
      throw new Invalid('The final review cannot be due before the first one.', `finalReview${severity}`)
    }
  }
  const terms: Terms = {
    update: { critical: given.updateCritical, major: given.updateMajor, minor: given.updateMinor },
    review: { critical: given.reviewCritical, major: given.reviewMajor },
    finalReview: { critical: given.finalReviewCritical, major: given.finalReviewMajor },
  }
  const site = await readSite(change.tx)
  if (JSON.stringify(terms) === JSON.stringify(site.terms)) return
  await change.tx
    .updateTable('sites')
    .set({ terms: JSON.stringify(terms), updated_at: change.now })
    .where('id', '=', site.id)
    .execute()
  await change.record(
    { type: 'site.changed', subject: site.id, data: { name: site.name, fields: ['terms'] } },
    differences(['terms'], site, { terms }),
  )
}
