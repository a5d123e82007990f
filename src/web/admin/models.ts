import type { Words } from '../../domain/site/reader.ts'
import type { PlacesOfProbe } from './probes/place-models.ts'
import type { Locale } from '../../domain/site/site.ts'
import type { Template } from '../../domain/templates/template.ts'
import type { Placeholder } from '../../domain/templates/placeholders.ts'
import type { Incident, Update } from '../../domain/incidents/incident.ts'
import type { Confirmation } from '../../domain/incidents/confirming.ts'
import type { WaitingUpdate } from '../../domain/incidents/waiting.ts'
import type { DoubtedPlace } from '../../domain/probes/verdicts/doubted.ts'
import type { KeptEvidence } from '../../domain/probes/engine/kept-evidence.ts'
import type { Mute } from '../../domain/probes/muting.ts'
import type { CheckDetail } from '../../domain/probes/finding.ts'
import type { Heartbeat } from '../../domain/probes/heartbeats/heartbeat.ts'
import type { Check, Probe, Verdict, Settled } from '../../domain/probes/probe.ts'
import type { ReadersSay } from '../../domain/reports/queries.ts'
import type { OwedAction, OwedReview } from '../../domain/reviews/queries.ts'
import type { Entry, RegulatorsClock, Report } from '../../domain/regulators/clock.ts'
import type { IncidentEvidence } from '../../domain/regulators/evidence.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Finding } from '../../lib/finding.ts'
import type { SafeHtml } from '../../lib/markdown.ts'
import type { Form, FormState } from '../shared/forms.ts'
import type { Calling } from './alerts/alert-models.ts'
import type { Choice } from './choices.ts'
import type { Noticing } from './probes/probe-form.ts'
import type { CallingLines } from './probes/heartbeat-lines.ts'
import type { Asserting } from './probes/probe-assertions.ts'
import type { DrawnKind } from './probes/probe-fields.ts'
import type { ChoosableGroup, Choosable } from './composer.ts'
import type { Held, Whom } from './subscribers/subscriber-models.ts'

/** What the larger pages of the desk are given. */
export interface NowModel extends ReadersSay {
  readonly alerts: readonly Calling[]
  /** Nobody would be called, whatever happens: for those who can change that. */
  readonly isUncalled: boolean
  /** What somebody chose to be called for, and nobody would be now, in words; empty: nothing. */
  readonly uncalledFor: string
  /** Who cannot be called, though they chose how to be; null: whoever looks. */
  readonly unreached: readonly (string | null)[]
  /** What was said and not sent yet. */
  readonly held: readonly Held[]
  readonly drafts: readonly { readonly draft: Incident; readonly evidence: Evidence | null }[]
  /** Of drafts that somebody else than their author has to confirm, who asked. */
  readonly asked: ReadonlyMap<string, Confirmation>
  /** Updates that are written and not said. */
  readonly waiting: readonly { readonly waiting: WaitingUpdate; readonly name: string }[]
  /** Words that this person began, and where. */
  readonly begun: readonly {
    readonly subject: string
    readonly page: string
    readonly excerpt: string
    readonly updatedAt: Instant
  }[]
  readonly incidents: readonly Incident[]
  readonly names: ReadonlyMap<string, string>
  readonly disagreements: Snapshot['disagreements']
  /** What somebody should know of an incident, by its id; and of those that are over. */
  readonly advice: ReadonlyMap<string, string>
  readonly stillFailing: readonly { readonly id: string; readonly name: string; readonly words: string }[]
  /** Probes that open nothing for now. */
  readonly mutes: readonly (Mute & { readonly name: string })[]
  /** What is owed to authorities soon, or was. */
  readonly pressing: readonly Pressing[]
  readonly ailing: Snapshot['components']
  readonly owed: readonly OwedReview[]
  readonly overdue: readonly OwedAction[]
  readonly today: string
  readonly maintenances: Snapshot['openMaintenances']
  readonly prober: ProberState
  /** Parts of Candor itself that do not work now, and what that means. */
  readonly ailingParts: readonly { readonly what: string; readonly meaning: string }[]
  /** Where failures count for nothing, though others answer there. */
  readonly doubted: readonly DoubtedPlace[]
  /** What there is to say of backups. */
  readonly backup: Finding | null
  /** Tokens that soon let nothing in any more; nobody who cannot change them is told. */
  readonly ending: readonly { readonly name: string; readonly at: Instant }[]
  readonly components: number
}

export interface Pressing {
  readonly clock: RegulatorsClock
  readonly report: Report
  readonly incident: string
}

/** An incident's whole timeline. */
export interface EvidencePage {
  readonly evidence: IncidentEvidence
  readonly measured: readonly MeasuredThen[]
  readonly facts: readonly { readonly what: string; readonly at: Instant | null }[]
  readonly updates: readonly (IncidentEvidence['updates'][number] & { readonly html: SafeHtml })[]
  readonly events: readonly {
    readonly seq: number
    readonly at: Instant
    readonly who: string
    readonly what: string
  }[]
  readonly revisions: readonly (IncidentEvidence['revisions'][number] & {
    readonly changes: readonly CorrectedField[]
  })[]
  readonly madeBy: string
  readonly kinds: Readonly<Record<Entry['kind'], string>>
  /** With seconds and offset. */
  at(instant: Instant | null): string
}

/** A field that was corrected: as it was, and as it is since. */
export interface CorrectedField {
  readonly field: string
  readonly before: string
  readonly after: string
}

export interface ProberState {
  readonly probes: number
  readonly paused: number
  readonly down: number
  readonly unknown: number
  readonly measuredAt: Instant | null
  /** Nothing was measured for so long that something must be wrong with us. */
  readonly isSilent: boolean
}

/** Why a probe drafted an incident: what it asked, what came back, since when. */
export interface Evidence {
  readonly probe: Probe
  readonly verdict: Verdict | null
  /** Newest first. */
  readonly checks: readonly Check[]
  readonly reason: string | null
  /** What to ask oneself where it was never found well, so that the probe itself may be what is wrong; null: it was. */
  readonly doubt: string | null
  /** Whether it waits for a person. It does not where another question is asked only since it was drafted. */
  readonly isHeld: boolean
}

/** What one probe measured around the beginning or the end of an incident, as the desk shows it. */
export interface MeasuredThen {
  readonly id: string
  readonly name: string
  readonly moment: KeptEvidence['moment']
  readonly takenAt: Instant
  readonly state: Settled
  readonly since: Instant
  readonly places: readonly {
    readonly name: string
    readonly state: Settled
    readonly since: Instant
    readonly finding: string | null
    /** Where the time of its last check went, and whose certificate it met. */
    readonly trace: readonly string[]
  }[]
  /** Oldest first: a strip of them, and a row for each. */
  readonly checks: readonly {
    readonly at: Instant
    readonly place: string
    readonly outcome: string
    readonly finding: string
    readonly ms: number | null
    /** Its height in the strip, of 100. */
    readonly height: number
  }[]
  readonly verdicts: readonly { readonly at: Instant; readonly state: Settled; readonly finding: string | null }[]
}

/** Who writes on an incident, what the engine would say, and what is in its way. */
export interface Automation {
  /** What somebody should know before anything else; null: nothing. */
  readonly advice: { readonly kind: 'unmeasured' | 'still-fails' | 'well'; readonly words: string } | null
  /** Why it cannot be handed back; null: it can. Only of an open one that a person holds. */
  readonly obstacle: string | null
  /** What the engine saw and left to people, newest first. */
  readonly notes: readonly { readonly at: Instant; readonly words: string }[]
}

export interface ProbePage {
  readonly probe: Probe | null
  readonly kind: DrawnKind
  readonly state: FormState
  /** Of the fields that are never shown again, which there is something of. */
  readonly secrets: ReadonlyMap<string, 'kept' | 'typed'>
  readonly components: readonly Choice[]
  readonly asserting: Asserting
  readonly noticing: Noticing | null
  /** What it can depend on. */
  readonly parents: readonly Choice[]
  readonly tested: Tested | null
  /** What this machine lacks for it, in a sentence. */
  readonly lacks: string | null
  /** Null where there is only one. */
  readonly places: PlacesOfProbe | null
  readonly checks: readonly { readonly at: string; readonly outcome: string; readonly finding: string }[]
}

export interface Tested {
  readonly found: CheckDetail
  readonly finding: string
  readonly verifies: 'yes' | 'no'
}

/** What a heartbeat was heard of, and how it is to call. */
export interface HeartbeatPage {
  readonly probe: Probe
  readonly heartbeat: Heartbeat
  readonly verdict: Settled | 'paused'
  /** Just made, and never shown again; null: nobody can tell it any more. */
  readonly address: string | null
  readonly lines: readonly CallingLines[]
  readonly checks: readonly { readonly at: string; readonly outcome: string; readonly finding: string }[]
}

/** What readers of one language will see: on the page, in the feed, in their mail. */
export interface Seen {
  readonly locale: Locale
  readonly dir: 'ltr' | 'rtl'
  readonly language: string
  /** The original itself, or how far it is translated. */
  readonly is: 'original' | 'written' | 'missing'
  readonly page: {
    readonly name: { readonly text: string; readonly lang: Locale; readonly dir: 'ltr' | 'rtl' }
    readonly stage: string
    readonly began: Words
    readonly said: { readonly html: SafeHtml; readonly lang: Locale; readonly dir: 'ltr' | 'rtl' }
    readonly promise: Words | null
    readonly systems: readonly { readonly name: string; readonly status: string; readonly word: string }[]
    readonly worst: string
  }
  readonly feed: { readonly title: string; readonly html: string }
  /** Null: there is nothing to say yet. */
  readonly mail: { readonly subject: string; readonly text: string } | null
}

/** What a composer offers of templates. */
export interface Templating {
  readonly templates: readonly Template[]
  readonly chosen: Template | null
  readonly templateValues: Form | null
  /** Those that are left to fill in what stands in the form. */
  readonly places: readonly Placeholder[]
}

/** What a page with a composer knows of those who write there. */
export interface Writing {
  readonly subject: string
  /** Of one's own words as this page shows them; 0: none are kept yet. */
  readonly version: number
  /** Words that one left behind and that stand in the form again. */
  readonly own: { readonly beganAt: Instant; readonly updatedAt: Instant } | null
  readonly others: readonly Presence[]
  /** Nobody else could confirm anything. */
  readonly isAlone: boolean
}

/** A form of what stands already, kept while somebody writes in it. */
export interface Changing {
  readonly writing: Writing
  /** Which state of it the form was opened with. */
  readonly seen: string
  /** What stands now, where somebody changed it since; null: nobody did. */
  readonly standing: readonly { readonly label: string; readonly text: string }[] | null
}

/** Somebody else who writes in the same place. */
export interface Presence {
  readonly name: string
  readonly beganAt: Instant
  readonly updatedAt: Instant
  readonly body: string
}

/** Every form that says something in public. */
export interface Composer extends Whom {
  readonly wide: boolean
  readonly state: FormState
  readonly systems: { readonly first: readonly Choosable[]; readonly others: readonly ChoosableGroup[] }
  readonly writing: Writing
  readonly templating: Templating
}

/** An update with its words made safe. */
export type Worded = Update & { readonly html: SafeHtml }
