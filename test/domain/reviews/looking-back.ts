import type { Unchecked } from '../../../src/lib/fields.ts'
import { publishReview } from '../../../src/domain/reviews/commands.ts'
import type { NewReview } from '../../../src/domain/reviews/input.ts'
import { reviewAtDesk } from '../../../src/domain/reviews/queries.ts'
import type { Review } from '../../../src/domain/reviews/review.ts'
import { type Desk, desk } from '../desk.ts'

/** Every head of a review, answered. */
export const everyHead = {
  saw: 'Searches failed or took a minute, from 12:00 to 13:00.',
  happened: 'A new index was put in place before it was complete.',
  why: 'Nothing checks that an index is complete before it is used.',
  duration: 'The old index had to be built again, which takes 40 minutes.',
  data: 'No data was lost, and none was exposed.',
  done: 'The old index is back in place.',
  next: 'We will not use an index that was not checked.',
}

export interface LookingBack extends Desk {
  /** A major incident that was over at 13:00. */
  readonly incidentId: string
  publishes(review?: Partial<Unchecked<NewReview>>): Promise<void>
  review(): Promise<Review>
}

/** An hour after noon on 21 November 2026: an incident is over, and nobody has looked back on it. */
export async function lookingBack(): Promise<LookingBack> {
  const here = await desk()
  const id = await here.opens()
  here.clock.advance('1h')
  await here.posts(id, { stage: 'resolved', body: 'Search works again.' })
  return {
    ...here,
    incidentId: id,
    publishes: (review = {}) => here.does((it) => publishReview(it, id, { heads: everyHead, as: 'final', ...review })),
    async review() {
      const known = await reviewAtDesk(here.db, id)
      if (!known) throw new Error('Nothing was written about it.')
      return known.review
    },
  }
}
