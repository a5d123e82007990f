import type { Tx } from '../../database/database.ts'
import type { Event } from '../changes/events.ts'
import type { LoggedEvent } from '../changes/log.ts'
import type { Told } from './told.ts'
import { correctedWord, withdrawnWord } from './telling/corrections.ts'
import { incidentWord, publishedReview } from './telling/incidents.ts'
import { maintenanceWord, reminder } from './telling/maintenances.ts'
import { changedNotice, shownNotice } from './telling/notices.ts'

type Of<Type extends Event['type']> = Extract<LoggedEvent, { type: Type }>

/** What subscribers are told of an event; null: nothing. */
type Tells<Type extends Event['type']> = ((tx: Tx, event: Of<Type>) => Promise<Told | null>) | null

/** Words or silence. Whoever adds a kind of event decides here whether people are written to. */
const tellers: { readonly [Type in Event['type']]: Tells<Type> } = {
  'site.set-up': null,
  'site.changed': null,
  'group.created': null,
  'group.changed': null,
  'group.removed': null,
  'component.created': null,
  'component.changed': null,
  'component.removed': null,
  // Without a word: nobody is written to who could not be told why.
  'component.status-set': null,
  'component.explained': null,
  'components.ordered': null,
  'subscriber.added': null,
  'subscriber.removed': null,
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
  'message.resent': null,
  'message.taken-back': null,
  'template.created': null,
  'template.changed': null,
  'template.removed': null,
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
  'report.burst': null,
  'review.drafted': null,
  'review.published': publishedReview,
  // No author can choose yet whether readers should be written to again.
  'review.corrected': null,
  'review.translated': null,
  'action.added': null,
  'action.changed': null,
  'action.done': null,
  'action.dropped': null,
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
  'maintenance.series-ended': null,
  'ledger.key-changed': null,
  'ledger.restored': null,
  'clock.started': null,
  'clock.corrected': null,
  'clock.done': null,
  'clock.undone': null,
  'clock.let-go': null,
  'clock.taken-up': null,
  'notice.published': shownNotice,
  'notice.shown': shownNotice,
  'notice.changed': changedNotice,
  'notice.ended': null,
  'probe.created': null,
  'probe.changed': null,
  'probe.paused': null,
  'probe.resumed': null,
  'probe.removed': null,
  'probe.muted': null,
  'probe.unmuted': null,
  'probe.verdict': null,
  'heartbeat.addressed': null,
  'heartbeat.forgiven': null,
  'account.created': null,
  'account.changed': null,
  'account.disabled': null,
  'account.invited': null,
  'account.invitation-withdrawn': null,
  'account.invitation-renewed': null,
  'account.reset-offered': null,
  'account.connected': null,
  'account.signed-in': null,
  'account.signed-out': null,
  'account.sign-in-refused': null,
  'account.password-changed': null,
  'account.factor-added': null,
  'account.factor-removed': null,
  'account.passkey-renamed': null,
  'account.passkey-refused': null,
  'account.recovery-codes-made': null,
  'account.recovery-code-used': null,
  'account.sessions-ended': null,
  'token.created': null,
  'token.renewed': null,
  'token.former-ended': null,
  'token.revoked': null,
  'alert.taken': null,
  'alert.way-added': null,
  'alert.way-changed': null,
  'alert.way-proven': null,
  'alert.way-removed': null,
  'metric.created': null,
  'metric.changed': null,
  'metric.removed': null,
  'delivery.failing': null,
  'place.added': null,
  'place.renamed': null,
  'place.revoked': null,
  // Of what was said elsewhere, people were told elsewhere.
  'site.imported': null,
}

/** What an event tells, as it is public now; null: silence. */
export async function toldOf(tx: Tx, event: LoggedEvent): Promise<Told | null> {
  const tells = tellers[event.type] as Tells<Event['type']>
  return (await tells?.(tx, event as never)) ?? null
}
