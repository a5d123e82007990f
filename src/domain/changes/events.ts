/**
 * Everything that can happen, on one page. `data` holds names and ids, never addresses or secrets: the log is kept
 * when a person is forgotten. Add a kind here, and the compiler names every place that has to know it.
 */
export type Event =
  | { type: 'site.set-up'; subject: string; data: { name: string } }
  | { type: 'site.changed'; subject: string; data: { name: string; fields: string[] } }
  | { type: 'group.created'; subject: string; data: { name: string } }
  | { type: 'group.changed'; subject: string; data: { name: string; fields: string[] } }
  | { type: 'group.removed'; subject: string; data: { name: string } }
  | { type: 'component.created'; subject: string; data: { name: string } }
  | { type: 'component.changed'; subject: string; data: { name: string; fields: string[] } }
  | { type: 'component.removed'; subject: string; data: { name: string } }
  | { type: 'component.status-set'; subject: string; data: { name: string; from: string; to: string } }
  | { type: 'component.explained'; subject: string; data: { name: string; explanation: string } }
  | { type: 'components.ordered'; subject: string; data: { count: number } }
  | { type: 'incident.drafted'; subject: string; data: { name: string; probe: string | null } }
  | { type: 'incident.opened'; subject: string; data: { name: string; severity: string; update: string } }
  | { type: 'incident.updated'; subject: string; data: { name: string; stage: string; update: string } }
  | { type: 'incident.resolved'; subject: string; data: { name: string; update: string } }
  | { type: 'incident.reopened'; subject: string; data: { name: string; update: string } }
  | { type: 'incident.changed'; subject: string; data: { name: string; fields: string[]; revision?: string } }
  | { type: 'incident.annulled'; subject: string; data: { name: string; annulment: string; whole: 'yes' | 'no' } }
  | { type: 'incident.handed-back'; subject: string; data: { name: string } }
  | { type: 'incident.taken-over'; subject: string; data: { name: string } }
  | { type: 'incident.noted'; subject: string; data: { name: string; note: EngineNote; component: string } }
  | { type: 'incident.annotated'; subject: string; data: { name: string } }
  | { type: 'incident.dismissed'; subject: string; data: { name: string } }
  | { type: 'incident.merged'; subject: string; data: { name: string; into: string } }
  | { type: 'update.planned'; subject: string; data: { name: string; at: string | null } }
  | { type: 'update.taken-back'; subject: string; data: { name: string } }
  | { type: 'update.held'; subject: string; data: { name: string; reason: string } }
  | { type: 'message.resent'; subject: string; data: { name: string; recipients: number } }
  | { type: 'message.hurried'; subject: string; data: { name: string; recipients: number } }
  | { type: 'message.taken-back'; subject: string; data: { name: string; told: string; word: string | null } }
  | { type: 'template.created'; subject: string; data: { name: string } }
  | { type: 'template.changed'; subject: string; data: { name: string; fields: string[] } }
  | { type: 'template.removed'; subject: string; data: { name: string } }
  | { type: 'incident.eased'; subject: string; data: { name: string; components: string[] } }
  | { type: 'incident.widened'; subject: string; data: { name: string; components: string[] } }
  | { type: 'update.corrected'; subject: string; data: WordData & { deliver: 'yes' | 'no' } }
  | { type: 'update.withdrawn'; subject: string; data: WordData }
  | {
      type: 'impact.corrected'
      subject: string
      data: { name: string; impact: string; component: string; revision: string; how: 'added' | 'changed' | 'removed' }
    }
  | { type: 'promise.due-soon'; subject: string; data: PromiseData }
  | { type: 'promise.kept'; subject: string; data: PromiseData & { by: string } }
  | { type: 'promise.missed'; subject: string; data: PromiseData & { by: string | null } }
  | { type: 'promise.let-go'; subject: string; data: PromiseData }
  | {
      type: 'report.burst'
      subject: string
      data: { name: string; incident: string; reports: number; minutes: number }
    }
  | { type: 'review.drafted'; subject: string; data: ReviewData }
  | { type: 'review.published'; subject: string; data: ReviewData & { as: 'preliminary' | 'final'; actions: string[] } }
  | { type: 'review.corrected'; subject: string; data: ReviewData & { heads: string[]; revision: string } }
  | { type: 'review.translated'; subject: string; data: ReviewData }
  | { type: 'action.added'; subject: string; data: ActionData }
  | { type: 'action.changed'; subject: string; data: ActionData & { fields: string[] } }
  | { type: 'action.done'; subject: string; data: ActionData }
  | { type: 'action.dropped'; subject: string; data: ActionData }
  | { type: 'action.overdue'; subject: string; data: ActionData & { due: string } }
  | { type: 'maintenance.announced'; subject: string; data: { name: string; update: string } }
  | { type: 'maintenance.began'; subject: string; data: { name: string; update: string } }
  | {
      type: 'maintenance.updated'
      subject: string
      /** `former`: the systems that it was to affect until this word. */
      data: { name: string; stage: string; update: string; former?: string[] }
    }
  | { type: 'maintenance.completed'; subject: string; data: { name: string; update: string } }
  | { type: 'maintenance.cancelled'; subject: string; data: { name: string; update: string } }
  | { type: 'maintenance.changed'; subject: string; data: { name: string; fields: string[] } }
  | { type: 'maintenance.extended'; subject: string; data: { name: string; from: string; until: string } }
  | { type: 'maintenance.annotated'; subject: string; data: { name: string } }
  | { type: 'maintenance.reminded'; subject: string; data: { name: string; lead: MaintenanceLead } }
  | { type: 'maintenance.series-announced'; subject: string; data: { name: string } }
  | { type: 'maintenance.series-changed'; subject: string; data: { name: string; fields: string[] } }
  | { type: 'maintenance.series-ended'; subject: string; data: { name: string } }
  | { type: 'ledger.key-changed'; subject: string; data: { previous: string; key: string; signature: string } }
  | { type: 'ledger.restored'; subject: string; data: { from: string; entries: number } }
  | { type: 'clock.started'; subject: string; data: ClockData }
  | { type: 'clock.corrected'; subject: string; data: ClockData & { fact: 'aware' | 'classified'; at: string | null } }
  | { type: 'clock.done'; subject: string; data: ClockData & { report: string; at: string } }
  | { type: 'clock.undone'; subject: string; data: ClockData & { report: string } }
  | { type: 'clock.let-go'; subject: string; data: ClockData }
  | { type: 'clock.taken-up'; subject: string; data: ClockData }
  | { type: 'notice.published'; subject: string; data: { name: string } }
  | { type: 'notice.shown'; subject: string; data: { name: string } }
  | { type: 'notice.changed'; subject: string; data: { name: string; fields: string[] } }
  | { type: 'notice.ended'; subject: string; data: { name: string } }
  | { type: 'probe.created'; subject: string; data: { name: string; component: string } }
  | { type: 'probe.changed'; subject: string; data: { name: string; fields: string[] } }
  | { type: 'probe.paused'; subject: string; data: { name: string } }
  | { type: 'probe.resumed'; subject: string; data: { name: string } }
  | { type: 'probe.removed'; subject: string; data: { name: string } }
  | { type: 'probe.muted'; subject: string; data: { name: string; until: string | null } }
  | { type: 'probe.unmuted'; subject: string; data: { name: string } }
  | { type: 'probe.verdict'; subject: string; data: { name: string; from: string; to: string; reason: string | null } }
  | { type: 'heartbeat.addressed'; subject: string; data: { name: string } }
  | { type: 'heartbeat.forgiven'; subject: string; data: { name: string; deadline: string; until: string } }
  | { type: 'account.created'; subject: string; data: { name: string; role: string; invitedBy?: string } }
  | { type: 'account.changed'; subject: string; data: { name: string; fields: string[] } }
  | { type: 'account.disabled'; subject: string; data: { name: string } }
  | { type: 'account.invited'; subject: string; data: { role: string } }
  | { type: 'account.invitation-withdrawn'; subject: string; data: { role: string } }
  | { type: 'account.invitation-renewed'; subject: string; data: { role: string } }
  | { type: 'account.reset-offered'; subject: string; data: { name: string; factors: 'kept' | 'removed' } }
  | { type: 'account.connected'; subject: string; data: { name: string; provider: string } }
  | { type: 'account.signed-in'; subject: string; data: { name: string; via: WayIn } }
  | { type: 'account.signed-out'; subject: string; data: { name: string } }
  | { type: 'account.sign-in-refused'; subject: string; data: { name: string } }
  | { type: 'account.password-changed'; subject: string; data: { name: string } }
  | { type: 'account.factor-added'; subject: string; data: { name: string; factor: 'app' | 'passkey' } }
  | { type: 'account.factor-removed'; subject: string; data: { name: string; factor: 'app' | 'passkey' } }
  | { type: 'account.passkey-renamed'; subject: string; data: { name: string } }
  | { type: 'account.passkey-refused'; subject: string; data: { name: string; passkey: string } }
  | { type: 'account.recovery-codes-made'; subject: string; data: { name: string } }
  | { type: 'account.recovery-code-used'; subject: string; data: { name: string; left: number } }
  | { type: 'account.sessions-ended'; subject: string; data: { name: string; count: number } }
  | { type: 'token.created'; subject: string; data: { name: string; scope: string } }
  | { type: 'token.renewed'; subject: string; data: { name: string; until: string | null } }
  | { type: 'token.former-ended'; subject: string; data: { name: string } }
  | { type: 'token.revoked'; subject: string; data: { name: string } }
  | { type: 'alert.taken'; subject: string; data: { name: string; kind: string } }
  | { type: 'alert.way-added'; subject: string; data: { name: string; channel: string } }
  | { type: 'alert.way-changed'; subject: string; data: { name: string; channel: string } }
  | { type: 'alert.way-proven'; subject: string; data: { name: string; channel: string } }
  | { type: 'alert.way-removed'; subject: string; data: { name: string; channel: string } }
  | { type: 'alert.way-secret-renewed'; subject: string; data: { name: string; channel: string } }
  | { type: 'metric.created'; subject: string; data: { name: string } }
  | { type: 'metric.changed'; subject: string; data: { name: string } }
  | { type: 'metric.removed'; subject: string; data: { name: string } }
  | {
      type: 'subscriber.added'
      subject: string
      data: { source: string; added: number; known: number; suppressed: number }
    }
  | { type: 'subscriber.removed'; subject: string; data: { removed: number } }
  /** An operator's program named an address: whoever it belongs to was asked. */
  | { type: 'subscriber.asked'; subject: string; data: { asked: number } }
  | { type: 'subscriber.changed'; subject: string; data: { channel: string } }
  | { type: 'subscriber.paused'; subject: string; data: { channel: string } }
  | { type: 'subscriber.resumed'; subject: string; data: { channel: string } }
  | { type: 'subscriber.secret_renewed'; subject: string; data: { channel: string } }
  | { type: 'subscriber.tested'; subject: string; data: { channel: string } }
  | { type: 'subscriber.exported'; subject: string; data: Record<never, never> }
  | { type: 'subscriber.reactivated'; subject: string; data: { reactivated: number } }
  /** The subject is a channel: the log keeps no mark of a person. */
  | { type: 'subscriber.suppressed'; subject: string; data: { channel: string } }
  | { type: 'subscriber.unsuppressed'; subject: string; data: { channel: string; reason: string } }
  /** Nothing gets through on the channel that is the subject. */
  | { type: 'delivery.failing'; subject: string; data: { name: string; reason: string } }
  | { type: 'place.added'; subject: string; data: { name: string } }
  | { type: 'place.renamed'; subject: string; data: { name: string; to: string } }
  | { type: 'place.trusted'; subject: string; data: { name: string } }
  | { type: 'place.distrusted'; subject: string; data: { name: string } }
  | { type: 'place.revoked'; subject: string; data: { name: string } }
  | {
      type: 'site.imported'
      subject: string
      data: { from: string; incidents: number; components: number; maintenances: number }
    }

/** What an event is about: `incident` of `incident.opened`. */
export type Noun = Event['type'] extends infer Type
  ? Type extends `${infer Before}.${string}`
    ? Before
    : never
  : never

export function nounOf({ type }: Pick<Event, 'type'>): Noun {
  return type.slice(0, type.indexOf('.')) as Noun
}

/** Of these neither subscribers nor the ledger hear, whatever happens to them. */
type InsideNoun =
  | 'account'
  | 'alert'
  | 'clock'
  | 'components'
  | 'delivery'
  | 'group'
  | 'heartbeat'
  | 'message'
  | 'metric'
  | 'place'
  | 'probe'
  | 'report'
  | 'site'
  | 'subscriber'
  | 'template'
  | 'token'

/** Kinds of what the world may hear of: each is decided on where people are written to, and where the ledger grows. */
export type HeardType = Exclude<Event['type'], `${InsideNoun}.${string}`>

/** What the engine sees and leaves to the person who holds the incident. */
export type EngineNote = 'fails-too' | 'fails-again' | 'well-again' | 'well-in-part'

/** Of a promise on the incident that is the subject: its id, and by when it was due. */
interface PromiseData {
  name: string
  promise: string
  kind: string
  due: string
}

/** Of the review of the incident that is the subject, by the incident's name. */
interface ReviewData {
  name: string
  review: string
}

/** Of an action that the review of the incident that is the subject promises, by its title. */
interface ActionData {
  name: string
  action: string
}

/** Of a clock for an authority on the incident that is the subject, by that one's name; `title` says which. */
interface ClockData {
  name: string
  clock: string
  title: string
}

/** Of a word on the incident or maintenance that is the subject, by that one's name. */
interface WordData {
  name: string
  of: 'incident' | 'maintenance'
  update: string
  revision: string
}

/** How long before the planned beginning, or at which end. */
type MaintenanceLead = '7d' | '24h' | '1h' | 'start' | 'end'

/** How somebody came in. */
export type WayIn = 'password' | 'passkey' | 'single-sign-on' | 'invitation' | 'set-up'
