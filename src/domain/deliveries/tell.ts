import type { Tx } from '../../database/database.ts'
import type { Event, HeardType } from '../changes/events.ts'
import type { LoggedEvent } from '../changes/log.ts'
import type { Told } from './told.ts'
import { correctedWord, withdrawnWord } from './telling/corrections.ts'
import { incidentWord, publishedReview, settledAction } from './telling/incidents.ts'
import { maintenanceWord, reminder } from './telling/maintenances.ts'
import { changedNotice, shownNotice } from './telling/notices.ts'

type Of<Type extends Event['type']> = Extract<LoggedEvent, { type: Type }>

/** What subscribers are told of an event; null: nothing. */
type Tells<Type extends Event['type']> = ((tx: Tx, event: Of<Type>) => Promise<Told | null>) | null

/**
 * Words or silence. Whoever adds a kind of event decides here whether people are written to. Of what was said
 * elsewhere, and is brought here, people were told elsewhere.
 */
const tellers = {
  'component.created': null,
  'component.changed': null,
  'component.removed': null,
  // Without a word: nobody is written to who could not be told why.
  'component.status-set': null,
  'component.explained': null,
  'incident.drafted': null,
  'incident.opened': incidentWord('begins'),
  'incident.updated': incidentWord('goes on'),
  'incident.resolved': incidentWord('ends'),
  'incident.reopened': incidentWord('begins'),
  'incident.changed': null,
  // A word of its own comes with it, and is told; of a part of it only facts change.
  'incident.annulled': null,
  'incident.handed-back': null,
  'incident.taken-over': null,
  'incident.noted': null,
  'incident.annotated': null,
  'incident.dismissed': null,
  'incident.merged': null,
  'update.planned': null,
  'update.taken-back': null,
  'update.held': null,
  // Without a word: the next one brings it to everybody whom it concerns.
  'incident.eased': null,
  'incident.widened': null,
  'update.corrected': correctedWord,
  'update.withdrawn': withdrawnWord,
  'impact.corrected': null,
  // For operators, who have alerts of their own; readers see on the page what is late.
  'promise.due-soon': null,
  'promise.kept': null,
  'promise.missed': null,
  'promise.let-go': null,
  'review.drafted': null,
  'review.published': publishedReview,
  // No author can choose yet whether readers should be written to again.
  'review.corrected': null,
  'review.translated': null,
  'action.added': null,
  'action.changed': null,
  'action.done': settledAction,
  'action.dropped': settledAction,
  'action.overdue': null,
  'maintenance.announced': maintenanceWord('begins'),
  'maintenance.began': maintenanceWord('begins'),
  'maintenance.updated': maintenanceWord('goes on'),
  'maintenance.completed': maintenanceWord('ends'),
  'maintenance.cancelled': maintenanceWord('ends'),
  'maintenance.changed': null,
  // With a word of its own, which is told.
  'maintenance.extended': null,
  'maintenance.annotated': null,
  'maintenance.reminded': reminder,
  'maintenance.series-announced': null,
  'maintenance.series-changed': null,
  'maintenance.series-ended': null,
  'ledger.key-changed': null,
  'ledger.restored': null,
  'notice.published': shownNotice,
  'notice.shown': shownNotice,
  'notice.changed': changedNotice,
  'notice.ended': null,
} satisfies { readonly [Type in HeardType]: Tells<Type> }

/** The kinds of event that anybody is told of. */
export type ToldType = {
  readonly [Type in HeardType]: (typeof tellers)[Type] extends null ? never : Type
}[HeardType]

/** What an event tells, as it is public now; null: silence. */
export async function toldOf(tx: Tx, event: LoggedEvent): Promise<Told | null> {
  const tells = tellers[event.type as HeardType] as Tells<HeardType> | undefined
  return (await tells?.(tx, event as never)) ?? null
}
