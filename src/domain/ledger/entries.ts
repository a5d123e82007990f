import type { Tx } from '../../database/database.ts'
import type { Json } from '../../lib/canonical-json.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Event, HeardType } from '../changes/events.ts'
import type { Disclosed } from './chain.ts'
import { recordsOf } from './records.ts'
import {
  publishedAnnulment,
  publishedComponent,
  publishedExplanation,
  publishedIncident,
  publishedMaintenance,
  publishedNotice,
  publishedPromise,
  publishedRevision,
  publishedUpdate,
} from './published.ts'
import { correctedReview, publishedAction, publishedReview } from './published-review.ts'

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>

/** What an event made public, read from the rows as its change leaves them; null for what is not public. */
type Discloses<Type extends Event['type']> = ((tx: Tx, event: Of<Type>, now: Instant) => Promise<Json | null>) | null

/** What enters the ledger. Whoever adds a kind of event decides here whether readers learn of it. */
const entries: { readonly [Type in HeardType]: Discloses<Type> } = {
  'component.created': component,
  'component.changed': component,
  'component.removed': component,
  'component.status-set': async (tx, { subject, data: { from, to } }) => ({
    component: await publishedComponent(tx, subject),
    from,
    to,
  }),
  'component.explained': async (tx, { data }) => about('explanation', await publishedExplanation(tx, data.explanation)),
  'incident.drafted': null,
  'incident.opened': incidentWord,
  'incident.updated': incidentWord,
  'incident.resolved': incidentWord,
  'incident.reopened': incidentWord,
  'incident.changed': incident,
  'incident.annulled': annulment,
  'incident.handed-back': null,
  'incident.taken-over': null,
  'incident.noted': null,
  'incident.annotated': null,
  'incident.dismissed': null,
  'incident.merged': null,
  'update.planned': null,
  'update.taken-back': null,
  'update.held': null,
  'incident.eased': incident,
  'incident.widened': incident,
  'update.corrected': correctedWord,
  'update.withdrawn': (tx, event) => wordOn(tx, event),
  'impact.corrected': correctedImpact,
  'promise.due-soon': null,
  'promise.kept': promise,
  'promise.missed': promise,
  'promise.let-go': promise,
  'review.drafted': null,
  'review.published': review,
  'review.corrected': (tx, { data }) => correctedReview(tx, data.review, data.revision),
  'review.translated': review,
  'action.added': action,
  'action.changed': action,
  'action.done': action,
  'action.dropped': action,
  'action.overdue': action,
  'maintenance.announced': maintenanceWord,
  'maintenance.began': maintenanceWord,
  'maintenance.updated': maintenanceWord,
  'maintenance.completed': maintenanceWord,
  'maintenance.cancelled': maintenanceWord,
  'maintenance.changed': maintenance,
  'maintenance.extended': maintenance,
  'maintenance.annotated': null,
  'maintenance.reminded': null,
  'maintenance.series-announced': null,
  'maintenance.series-changed': null,
  'maintenance.series-ended': null,
  'ledger.key-changed': async (_, { data }) => ({ ...data }),
  'ledger.restored': async (_, { data }) => ({ ...data }),
  'notice.published': notice,
  'notice.shown': notice,
  'notice.changed': notice,
  'notice.ended': notice,
}

/** Every kind of entry. */
export const disclosedKinds: readonly string[] = [
  'ledger.begun',
  'incident.imported',
  'maintenance.imported',
  ...Object.entries(entries).flatMap(([type, discloses]) => (discloses ? [type] : [])),
]

/** The nouns of all that enters: when something happens to one of them, the ledger may have grown. */
export const ledgerNouns: readonly string[] = [...new Set(disclosedKinds.map((kind) => kind.split('.')[0] ?? kind))]

/** What this event made public. */
export async function disclosedBy(tx: Tx, event: Event, now: Instant): Promise<Disclosed[]> {
  // One entry for each record.
  if (event.type === 'site.imported') return recordsOf(tx, 'imported', event.data.from)
  const discloses = entries[event.type as HeardType] as Discloses<HeardType> | undefined
  const entry = (await discloses?.(tx, event as never, now)) ?? null
  return entry === null ? [] : [{ kind: event.type, subject: event.subject, entry }]
}

async function component(tx: Tx, { subject }: Event): Promise<Json | null> {
  return about('component', await publishedComponent(tx, subject))
}

async function incident(tx: Tx, { subject }: Event): Promise<Json | null> {
  return about('incident', await publishedIncident(tx, subject))
}

interface Word {
  readonly subject: string
  readonly data: { readonly update: string }
}

async function incidentWord(tx: Tx, { subject, data }: Word): Promise<Json | null> {
  const known = await publishedIncident(tx, subject)
  return known && { incident: known, update: await publishedUpdate(tx, data.update) }
}

async function maintenance(tx: Tx, { subject }: Event): Promise<Json | null> {
  return about('maintenance', await publishedMaintenance(tx, subject))
}

async function maintenanceWord(tx: Tx, { subject, data }: Word): Promise<Json | null> {
  const known = await publishedMaintenance(tx, subject)
  return known && { maintenance: known, update: await publishedUpdate(tx, data.update) }
}

/** What it says since, with what it said before: the first text of an imported one stands nowhere else. */
async function correctedWord(tx: Tx, event: Of<'update.corrected'>): Promise<Json | null> {
  const said = await wordOn(tx, event)
  return said && { ...said, correction: await publishedRevision(tx, event.data.revision) }
}

async function wordOn(tx: Tx, { subject, data }: Of<'update.corrected' | 'update.withdrawn'>) {
  const known = await (data.of === 'incident' ? publishedIncident : publishedMaintenance)(tx, subject)
  return known && { [data.of]: known, update: await publishedUpdate(tx, data.update) }
}

async function correctedImpact(tx: Tx, { subject, data }: Of<'impact.corrected'>): Promise<Json | null> {
  const known = await publishedIncident(tx, subject)
  return known && { incident: known, correction: await publishedRevision(tx, data.revision) }
}

async function annulment(tx: Tx, { subject, data }: Of<'incident.annulled'>): Promise<Json | null> {
  const known = await publishedIncident(tx, subject)
  return known && { incident: known, annulment: await publishedAnnulment(tx, data.annulment) }
}

async function notice(tx: Tx, { subject }: Event, now: Instant): Promise<Json | null> {
  return about('notice', await publishedNotice(tx, subject, now))
}

async function promise(tx: Tx, { data }: { readonly data: { readonly promise: string } }): Promise<Json | null> {
  return about('promise', await publishedPromise(tx, data.promise))
}

async function review(tx: Tx, { data }: { readonly data: { readonly review: string } }): Promise<Json | null> {
  return about('review', await publishedReview(tx, data.review))
}

async function action(tx: Tx, { data }: { readonly data: { readonly action: string } }): Promise<Json | null> {
  return about('action', await publishedAction(tx, data.action))
}

function about(noun: string, facts: Json | null): Json | null {
  return facts === null ? null : { [noun]: facts }
}
