import type { SafeHtml } from '../../lib/markdown.ts'
import type { PlaceRow } from './probes/place-models.ts'
import type { Account, Invitation } from '../../domain/accounts/account.ts'
import type { TokenInFull } from '../../domain/accounts/tokens.ts'
import type { Seed } from '../../domain/accounts/factors/code-app.ts'
import type { FactorKind, Factors, Passkey } from '../../domain/accounts/factors/factor.ts'
import type { FactorRule } from '../../domain/accounts/factors/queries.ts'
import type { Session } from '../../domain/accounts/sessions.ts'
import type { Component, Group, Impact } from '../../domain/components/component.ts'
import type { ListedJargon } from '../../domain/coach/jargon.ts'
import type { Incident, Update } from '../../domain/incidents/incident.ts'
import type { WaitingUpdate } from '../../domain/incidents/waiting.ts'
import type { Revision } from '../../domain/revisions/revision.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import type { Notice } from '../../domain/notices/notice.ts'
import type { Entry, RegulatorsClock, Report } from '../../domain/regulators/clock.ts'
import type { Regime } from '../../domain/regulators/regime.ts'
import type { Template } from '../../domain/templates/template.ts'
import type { Logo } from '../../domain/site/site.ts'
import type { Disagreement } from '../../domain/probes/engine/disagreement.ts'
import type { Mute } from '../../domain/probes/muting.ts'
import type { ComponentRule } from '../../domain/probes/verdicts/component-rule.ts'
import type { Check, Probe, Settled } from '../../domain/probes/probe.ts'
import type { PublicComponent } from '../../domain/status/snapshot-types.ts'
import type { Instant } from '../../lib/clock.ts'
import type { FormState } from '../shared/forms.ts'
import type { AlertViews } from './alerts/alert-models.ts'
import type { LogPage } from './audit/models.ts'
import type { Choice } from './choices.ts'
import type { CoachedText } from './incidents/coached.ts'
import type {
  Automation,
  Changing,
  Composer,
  MeasuredThen,
  Evidence,
  EvidencePage,
  HeartbeatPage,
  NowModel,
  ProbePage,
  Seen,
  Worded,
  Writing,
} from './models.ts'
import type { Metric } from '../../domain/metrics/metric.ts'
import type { OwedAction, OwedReview } from '../../domain/reviews/queries.ts'
import type { Action } from '../../domain/reviews/review.ts'
import type { Squares } from './accounts/qr-code.ts'
import type { Held, SubscriberViews, Whom, WithTelling } from './subscribers/subscriber-models.ts'
import type { MeasuringPage, MetricPage, ProbeChartsPage } from './probes/measured-models.ts'
import type { ReviewPage, ReviewPreview } from './incidents/review-fields.ts'
import type { MaintenanceViews } from './maintenances/maintenance-models.ts'
import type { HandedOver } from './accounts/handed-over.ts'
import type { NotIn } from './accounts/sign-on-words.ts'
import type { NewSecret } from './accounts/token-words.ts'
import type { Watched } from './probes/watch.ts'

/** The templates of the desk and what each is made for; all are given the `frame` as well. */
export interface AdminViews extends AlertViews, MaintenanceViews, SubscriberViews {
  'admin/sign-in': {
    state: FormState
    next: string
    isNew: boolean
    /** Nobody has an account at all. */
    isEmpty: boolean
    hasPasskeys: boolean
    /** Where they have an account that lets them in here; null: nowhere. */
    elsewhere: { readonly label: string; readonly href: string; readonly isOnly: boolean } | null
    /** They come from there to connect the account that has this address; null: they do not. */
    connects: { readonly label: string; readonly email: string } | null
  }
  'admin/second-step': {
    state: FormState
    going: { readonly next: string; readonly kept: string }
    hasApp: boolean
    hasPasskey: boolean
    hasCodes: boolean
  }
  'admin/confirm': {
    state: FormState
    fields: readonly { readonly name: string; readonly value: string }[]
    action: string
    /** Where else they can prove it. */
    elsewhere: { readonly label: string; readonly href: string } | null
    /** Whoever did may have no password. */
    cameFromThere: boolean
    hasApp: boolean
    hasPasskey: boolean
  }
  'admin/set-up/owner': { state: FormState; secret: string }
  'admin/set-up/closed': { why: 'missing' | 'wrong' | 'expired' | 'used' }
  'admin/set-up/site': { state: FormState; zones: readonly Choice[]; locales: readonly Choice[] }
  'admin/set-up/watch': { state: FormState }
  'admin/set-up/done': { systems: readonly Watched[]; isWaiting: boolean }
  'admin/now': NowModel
  'admin/measuring': MeasuringPage
  'admin/metrics/list': { metrics: readonly { readonly metric: Metric; readonly of: string }[] }
  'admin/metrics/edit': MetricPage
  'admin/probes/charts': ProbeChartsPage
  'admin/incidents/list': { incidents: readonly Incident[] }
  'admin/incidents/new': Composer
  'admin/incidents/one': Composer &
    WithTelling & {
      incident: Incident
      updates: readonly Worded[]
      theirs: Theirs | null
      waiting: readonly WaitingUpdate[]
      /** How many readers it affects too. */
      said: number
      automation: Automation
      measured: readonly MeasuredThen[]
    }
  'admin/incidents/annul': { incident: Incident; state: FormState; parts: readonly Choice[]; whom: string }
  'admin/incidents/change': { incident: Incident; state: FormState; seen: string }
  'admin/incidents/impacts': {
    incident: Incident
    impacts: readonly (Impact & { readonly name: string; readonly duration: string | null })[]
    corrections: readonly (Revision & { readonly what: string })[]
  }
  'admin/incidents/impact': {
    incident: Incident
    impact: Impact | null
    seen: string
    name: string
    state: FormState
    components: readonly Choice[]
    statuses: readonly Choice[]
  }
  'admin/words/correct': Whom & CorrectedWord & { theirs: Theirs | null; isFresh: boolean }
  'admin/words/withdraw': Whom & CorrectedWord & { html: SafeHtml; isIncident: boolean }
  'admin/incidents/draft': Composer & {
    draft: Incident
    evidence: Evidence | null
    theirs: Theirs | null
    measured: readonly MeasuredThen[]
  }
  'admin/incidents/preview': Whom & { seen: readonly Seen[]; coached: readonly CoachedText[] }
  'admin/components/list': {
    entries: readonly { readonly group: Group | null; readonly components: readonly PublicComponent[] }[]
    fault: string | null
  }
  'admin/components/edit': {
    component: Component | null
    state: FormState
    groups: readonly Choice[]
    /** Null where it has no two probes. */
    rule: { readonly rule: ComponentRule; readonly probes: number } | null
  }
  'admin/components/group': { group: Group | null; state: FormState }
  'admin/probes/kinds': {
    kinds: readonly { readonly name: string; readonly label: string; readonly purpose: string }[]
  }
  'admin/probes/list': {
    probes: readonly {
      readonly probe: Probe
      readonly kind: string
      readonly component: string
      readonly verdict: Settled | 'paused'
      readonly last: Check | null
      readonly finding: string | null
      /** Its failures open nothing for now. */
      readonly mute: Mute | null
      /** What some places find, where most find something else. */
      readonly elsewhere: string | null
    }[]
  }
  'admin/probes/edit': ProbePage
  'admin/probes/heartbeat': HeartbeatPage
  'admin/disagreement': { disagreement: Disagreement; state: FormState; writing: Writing }
  'admin/notices/list': { held: readonly Held[]; notices: readonly Notice[]; past: readonly Notice[] }
  'admin/notices/edit': Whom & Changing & { held: readonly Held[]; notice: Notice | null; state: FormState }
  'admin/clocks/list': {
    incident: Incident
    clocks: readonly RegulatorsClock[]
    regimes: readonly (Regime & { readonly name: string })[]
    kinds: Readonly<Record<Entry['kind'], string>>
    state: FormState
  }
  'admin/clocks/report': { incident: Incident; clock: RegulatorsClock; report: Report; state: FormState }
  'admin/clocks/facts': { incident: Incident; clock: RegulatorsClock; state: FormState; hasClassification: boolean }
  'admin/evidence': EvidencePage
  'admin/jargon': { state: FormState; words: readonly ListedJargon[]; locales: readonly Choice[] }
  'admin/look': { state: FormState; logo: Logo | null }
  'admin/terms': { state: FormState }
  'admin/settings': { state: FormState; zones: readonly Choice[]; locales: readonly Choice[]; url: string }
  'admin/templates/list': { templates: readonly Template[] }
  'admin/templates/edit': { template: Template | null; state: FormState }
  'admin/team': {
    accounts: readonly Account[]
    invitations: readonly Invitation[]
    state: FormState
    link: HandedOver | null
    mails: boolean
    /** What the provider is called, and who comes in with it; null: nowhere. */
    provider: { readonly label: string; readonly isOnly: boolean; readonly connected: ReadonlySet<string> } | null
    factorsOf: ReadonlyMap<string, readonly FactorKind[]>
    /** How many tokens of each maker work. */
    tokensOf: ReadonlyMap<string, number>
    /** Those that may be given by who looks. */
    roles: readonly { readonly value: string; readonly label: string; readonly means: string }[]
  }
  'admin/forgot': { state: FormState; mails: boolean }
  'admin/reset': { email: string; factors: 'kept' | 'removed'; secret: string; state: FormState }
  'admin/invitation': {
    invitation: Invitation
    secret: string
    state: FormState
    /** The only way in; null: a password of their own. */
    elsewhere: { readonly label: string } | null
  }
  'admin/probes/places': { places: readonly PlaceRow[]; state: FormState; command: string | null }
  'admin/tokens': {
    tokens: readonly TokenInFull[]
    scopes: readonly (Choice & { readonly example: string })[]
    state: FormState
    made: NewSecret | null
    endsSoon(at: Instant): boolean
  }
  'admin/sign-on/not-in': { why: NotIn; email: string | null; label: string }
  'admin/sign-on/connect': { label: string; email: string }
  'admin/me': { state: FormState }
  'admin/security/list': {
    state: FormState
    factors: Factors
    sessions: readonly Session[]
    own: string
    isHeldBack: boolean
    hasPasskeys: boolean
    url: string
  }
  'admin/security/app': { state: FormState; seed: Seed; picture: Squares }
  'admin/security/codes': { codes: readonly string[] }
  'admin/security/rule': {
    state: FormState
    rule: FactorRule
    isOwner: boolean
    /** The names of those who have none. */
    without: readonly string[]
  }
  'admin/security/passkey': { state: FormState }
  'admin/security/passkey-named': { state: FormState; passkey: Passkey }
  'admin/readers': { state: FormState }
  'admin/reviews/list': { owed: readonly OwedReview[]; actions: readonly OwedAction[]; today: string }
  'admin/reviews/edit': ReviewPage
  'admin/reviews/preview': ReviewPreview
  'admin/reviews/action': Whom &
    Changing & { action: Action; incident: string; state: FormState; word: Writing; today: string }
  'admin/log': LogPage
  'admin/refused': { sentence: string; reference: string | null }
}

/** What somebody else said or saved while one wrote, beside one's own words. */
export interface Theirs {
  readonly said: readonly {
    readonly by: string
    readonly at: Instant
    readonly what: string
    readonly html: SafeHtml
  }[]
  readonly html: SafeHtml
}

/** What words are said on, and corrected. */
export type Corrected = Incident | Maintenance

interface CorrectedWord {
  readonly thing: Corrected
  readonly update: Update
  readonly path: string
  readonly state: FormState
  readonly writing: Writing
}
