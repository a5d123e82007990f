import type { Instant } from '../../lib/clock.ts'
import type { Deed } from '../accounts/account.ts'

/** What operators are called for, the most urgent first. */
export const alertKinds = [
  'draft-waiting',
  'opened-by-itself',
  'promise-due',
  'promise-missed',
  'update-held',
  'second-asked',
  'review-late',
  'delivery-failing',
  'prober-silent',
  'place-silent',
  'line-doubted',
  'certificate-ends',
  'backup-failed',
  'disk-full',
] as const
export type AlertKind = (typeof alertKinds)[number]

interface About {
  /** As a choice, and in what is said of those whom nobody is called for: `a missed promise`. */
  readonly label: string
  readonly thing: string
  /** Only who may do this is called: nobody else could do anything about it. */
  readonly deed: Deed
  /** Rings through quiet hours and do-not-disturb. */
  readonly urgency: 'normal' | 'critical'
  /** What comes back within so many seconds is the same, and calls nobody again. */
  readonly sameWithin: number
}

const minute = 60
const day = 86_400

export const aboutKinds: Readonly<Record<AlertKind, About>> = {
  'draft-waiting': {
    label: 'A probe, or readers, drafted an incident',
    thing: 'a draft that waits',
    deed: 'disclose',
    urgency: 'critical',
    sameWithin: 0,
  },
  'opened-by-itself': {
    label: 'An incident published itself',
    thing: 'an incident that publishes itself',
    deed: 'disclose',
    urgency: 'critical',
    sameWithin: 0,
  },
  'promise-due': {
    label: 'A promised word is due soon',
    thing: 'a promise that is due soon',
    deed: 'disclose',
    urgency: 'critical',
    sameWithin: 0,
  },
  'promise-missed': {
    label: 'A promised update was missed',
    thing: 'a missed promise',
    deed: 'disclose',
    urgency: 'critical',
    sameWithin: 0,
  },
  'update-held': {
    label: 'An update did not publish itself at its time',
    thing: 'an update that was held back',
    deed: 'disclose',
    urgency: 'critical',
    sameWithin: 0,
  },
  'second-asked': {
    label: 'Somebody asks for a second person',
    thing: 'a question for a second person',
    deed: 'disclose',
    urgency: 'normal',
    sameWithin: 0,
  },
  'review-late': {
    label: 'A review or an action is overdue',
    thing: 'a review that is overdue',
    deed: 'disclose',
    urgency: 'normal',
    sameWithin: 0,
  },
  'delivery-failing': {
    label: 'What is told does not arrive',
    thing: 'deliveries that fail',
    deed: 'configure',
    urgency: 'critical',
    sameWithin: 10 * minute,
  },
  'prober-silent': {
    label: 'Nothing is measured any more',
    thing: 'a prober that is silent',
    deed: 'probe',
    urgency: 'critical',
    sameWithin: 10 * minute,
  },
  'place-silent': {
    label: 'A place is silent',
    thing: 'a place that is silent',
    deed: 'probe',
    urgency: 'normal',
    sameWithin: 10 * minute,
  },
  'line-doubted': {
    label: 'Failures count for nothing, as if our own line were cut',
    thing: 'failures that count for nothing',
    deed: 'probe',
    urgency: 'critical',
    sameWithin: 10 * minute,
  },
  'certificate-ends': {
    label: 'A certificate or a domain ends soon',
    thing: 'a certificate that ends soon',
    deed: 'probe',
    urgency: 'normal',
    sameWithin: 2 * day,
  },
  'backup-failed': {
    label: 'A backup failed',
    thing: 'a failed backup',
    deed: 'configure',
    urgency: 'normal',
    sameWithin: 0,
  },
  'disk-full': {
    label: 'The disk is nearly full',
    thing: 'a disk that is nearly full',
    deed: 'configure',
    urgency: 'critical',
    sameWithin: 10 * minute,
  },
}

/** A state in which a person is needed, as it is found now. */
export interface Cause {
  readonly kind: AlertKind
  /** With the kind, which one it is: ids, so that it is found again. */
  readonly subject: string
  /** The subject of events by which a person reacts to it. */
  readonly about: string
  /** A sentence, true also for who is called later. */
  readonly name: string
  /** What is known, for who is called at once: Markdown; null: its sentence is all. */
  readonly detail: string | null
  /** Where at the desk something can be done about it, and what that is. */
  readonly path: string
  readonly deed: string
  /** Whom it makes no sense to call: who asked. */
  readonly except: string | null
  /** Those who were called for this already are asked to hurry; its minutes count on. */
  readonly after: AlertKind | null
}

/** Something that operators are called for. */
export interface Alert {
  readonly id: string
  readonly kind: AlertKind
  readonly subject: string
  readonly about: string
  readonly at: Instant
  readonly name: string
  /** Where at the desk something can be done about it, and in which words. */
  readonly path: string
  readonly deed: string
  /** When nobody had to be called any more; null: some may still be. */
  readonly settledAt: Instant | null
  /** By its id, who reacted; null: it was over by itself. */
  readonly settledBy: string | null
}
