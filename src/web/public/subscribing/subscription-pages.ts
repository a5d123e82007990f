import type { Awaited } from '../../../domain/subscribers/confirming.ts'
import type { EverythingKnown } from '../../../domain/subscribers/queries.ts'
import type { Shut } from '../../../domain/subscribers/opening.ts'
import { type Scope, type Subscriber, isWrittenTo } from '../../../domain/subscribers/subscriber.ts'
import { type Reader, type Words, bareName } from '../../../domain/site/reader.ts'
import type { Snapshot } from '../../../domain/status/snapshot-types.ts'
import type { Instant } from '../../../lib/clock.ts'
import { dateWords } from '../../../lib/dates.ts'
import { type Frame, frameOf } from '../frame.ts'
import type { Fault } from './faults.ts'
import type { WishValues } from './read-form.ts'
import { type WishForm, valuesOf, wishForm } from './wish-form.ts'
import { zoneName } from './zones.ts'

/** For whom a page of one's own is drawn. */
export interface Around {
  readonly snapshot: Snapshot
  readonly reader: Reader
  readonly url: string
}

interface Link {
  readonly href: string
  readonly word: string
}

/** A page that says that something is done, or cannot be. */
export interface DoneModel {
  readonly frame: Frame
  readonly title: string
  readonly texts: readonly string[]
  readonly links: readonly Link[]
  readonly tone: 'ok' | 'unknown'
  /** Of a webhook, this once: with what its program knows us. */
  readonly secret?: string
}

export function shutModel(shut: Shut, { snapshot, reader, url }: Around): DoneModel {
  const { say, href } = reader
  const why = { forged: 'forged', 'too late': 'late', gone: 'gone' } as const
  return {
    frame: personalFrame(say('subscription.shut'), { snapshot, reader, url }),
    title: say('subscription.shut'),
    texts: [say(`subscription.${why[shut]}`)],
    links: shut === 'forged' ? [toFront(reader)] : [{ href: href('/subscribe'), word: say('subscribe.title') }],
    tone: 'unknown',
  }
}

export function leftModel(how: 'left' | 'erased', { snapshot, reader, url }: Around): DoneModel {
  const { say, href } = reader
  return {
    frame: personalFrame(say(`subscription.${how}`), { snapshot, reader, url }),
    title: say(`subscription.${how}`),
    texts: [say('subscription.leftText', { site: siteName(snapshot, reader) })],
    links: [{ href: href('/subscribe'), word: say('subscription.back') }, toFront(reader)],
    tone: 'ok',
  }
}

/** Whoever says yes first may go on to choose; a letter that was passed on later shows nobody more than that. */
export function confirmedModel(
  { what, subscriber }: Awaited,
  manage: string,
  { snapshot, reader, url }: Around,
): DoneModel {
  const { say } = reader
  const title = say('subscription.done', { site: siteName(snapshot, reader) })
  const { secret } = subscriber.target
  return {
    frame: personalFrame(title, { snapshot, reader, url }),
    title,
    texts: [say(what === 'confirmed' ? 'subscription.already' : 'subscription.doneText')],
    links: [...(what === 'confirmed' ? [] : [{ href: manage, word: say('subscription.change') }]), toFront(reader)],
    tone: 'ok',
    ...(what === 'subscription' && secret !== undefined ? { secret } : {}),
  }
}

export interface ConfirmModel {
  readonly frame: Frame
  readonly title: string
  readonly text: Words
  /** What they would follow from now on. */
  readonly follows: readonly Words[]
  readonly addition: string | null
  readonly button: string
}

export function confirmModel({ subscriber, what, addition }: Awaited, { snapshot, reader, url }: Around): ConfirmModel {
  const { say } = reader
  const title = say('subscription.confirm', { site: siteName(snapshot, reader) })
  return {
    frame: personalFrame(title, { snapshot, reader, url }),
    title,
    text: reader.phrase('subscription.confirmText', { address: [bareName(placeOf(subscriber, reader))] }),
    follows: followed(addition ?? subscriber.scope, { snapshot, reader }),
    addition: what === 'addition' ? say('subscription.addition') : null,
    button: say(what === 'addition' ? 'subscription.add' : 'subscription.yes'),
  }
}

export interface LeaveModel {
  readonly frame: Frame
  readonly title: string
  readonly text: Words
  /** By which a link to change it is sent; null: nothing is sent there anyway. */
  readonly instead: string | null
}

export function leaveModel(subscriber: Subscriber, here: string, { snapshot, reader, url }: Around): LeaveModel {
  const title = reader.say('subscription.leaveTitle', { site: siteName(snapshot, reader) })
  return {
    frame: personalFrame(title, { snapshot, reader, url }),
    title,
    text: reader.phrase('subscription.active', { address: [bareName(placeOf(subscriber, reader))] }),
    instead: isWrittenTo(subscriber) ? `${here}/instead` : null,
  }
}

export function insteadModel({ snapshot, reader, url }: Around): DoneModel {
  const title = reader.say('subscription.change')
  return {
    frame: personalFrame(title, { snapshot, reader, url }),
    title,
    texts: [reader.say('subscription.insteadSent')],
    links: [toFront(reader)],
    tone: 'ok',
  }
}

export interface ManageModel {
  readonly frame: Frame
  readonly state: Words
  readonly because: string | null
  /** Of this page; what can be done stands below it. */
  readonly here: string
  readonly leave: string
  readonly wishes: WishForm
  readonly fault: Fault | null
  readonly isSaved: boolean
  readonly isPaused: boolean
  /** Null: nothing is signed. `made`: the new one, this once. */
  readonly secret: { readonly made: string | null } | null
}

interface Managing {
  readonly here: string
  readonly leave: string
  /** What was sent: saved, or refused and not lost; or a secret that was made. */
  readonly sent?: { readonly values: WishValues; readonly fault: Fault } | { readonly secret: string } | 'saved'
}

export function manageModel(
  subscriber: Subscriber,
  { here, leave, sent }: Managing,
  { snapshot, reader, url }: Around,
): ManageModel {
  const { pausedAt, disabledAt, disabledBecause, channel } = subscriber
  const refused = typeof sent === 'object' && 'fault' in sent ? sent : null
  const made = typeof sent === 'object' && 'secret' in sent ? sent.secret : null
  return {
    frame: personalFrame(reader.say('subscription.manage'), { snapshot, reader, url }),
    state: stateWords(subscriber, reader),
    because: disabledAt !== null && disabledBecause ? reader.say(`subscription.because.${disabledBecause}`) : null,
    here,
    leave,
    wishes: wishForm(refused?.values ?? valuesOf(subscriber), { snapshot, reader }),
    fault: refused?.fault ?? null,
    isSaved: sent === 'saved',
    isPaused: pausedAt !== null,
    secret: channel === 'webhook' ? { made } : null,
  }
}

function stateWords(subscriber: Subscriber, reader: Reader): Words {
  const address = [bareName(placeOf(subscriber, reader))]
  const { disabledAt, pausedAt } = subscriber
  if (disabledAt !== null) return reader.phrase('subscription.disabled', { address, when: [reader.time(disabledAt)] })
  if (pausedAt !== null) return reader.phrase('subscription.paused', { address, when: [reader.time(pausedAt)] })
  return reader.phrase('subscription.active', { address })
}

export interface KnownModel {
  readonly frame: Frame
  readonly here: string
  readonly facts: readonly { readonly label: string; readonly words: Words }[]
  readonly letters: readonly { readonly kind: string; readonly at: Words; readonly outcome: string }[]
}

export function knownModel(known: EverythingKnown, here: string, { snapshot, reader, url }: Around): KnownModel {
  const { say } = reader
  const { subscriber, waiting, asked, failures, letters } = known
  const fact = (key: Parameters<Reader['say']>[0], words: Words | null) =>
    words === null ? [] : [{ label: say(key), words }]
  // A dot between two numbers is read as a nought in Persian.
  const times = (counted: { readonly times: number; readonly since: Instant }): Words => [
    `${reader.dates.number(counted.times)} (`,
    reader.time(counted.since),
    ')',
  ]
  const instant = (at: Subscriber['createdAt'] | null): Words | null => at && [reader.exact(at)]
  // Of no zone: `22:00` in the digits of the reader.
  const clock = dateWords(say('language.formats'), 'UTC')
  const hour = (time: string): string => clock.time(`1970-01-01T${time}:00.000Z` as Instant)
  const scope = (one: Scope): Words => reader.list(followed(one, { snapshot, reader }))
  const whole = Object.entries(subscriber.target).map(([name, value]): Words => [`${name}: `, bareName(value)])
  return {
    frame: personalFrame(say('subscription.known'), { snapshot, reader, url }),
    here,
    facts: [
      ...fact('subscription.way', [say(`subscribe.channel.${subscriber.channel}`)]),
      ...fact(
        'subscription.place',
        subscriber.channel === 'email' ? [bareName(subscriber.target['address'] ?? '')] : reader.list(whole),
      ),
      ...fact('subscription.follows', scope(subscriber.scope)),
      ...fact('subscribe.kinds', [subscriber.kinds.map((kind) => say(`subscribe.kind.${kind}`)).join(' · ')]),
      ...fact('subscribe.severity', [say(`subscribe.from.${subscriber.severityFrom}`)]),
      ...fact('subscribe.extent', [say(`subscribe.${subscriber.extent}`)]),
      ...fact(
        'subscribe.quiet',
        subscriber.quiet && [`${hour(subscriber.quiet.from)} – ${hour(subscriber.quiet.until)}`],
      ),
      ...fact('subscription.language', [
        `${reader.languageName(subscriber.locale)} · `,
        bareName(zoneName(reader.locale, subscriber.zone)),
      ]),
      ...fact('subscription.source', [say(`subscription.sources.${subscriber.source}`)]),
      ...fact('subscription.since', instant(subscriber.createdAt)),
      ...fact('subscription.consented', instant(subscriber.consentedAt)),
      ...fact('subscription.confirmedAt', instant(subscriber.confirmedAt)),
      ...fact('subscription.waits', waiting && scope(waiting.scope)),
      ...fact('subscription.asked', asked && times(asked)),
      ...fact('subscription.failures', failures && times(failures)),
    ],
    letters: letters.map(({ kind, at, outcome }) => ({
      kind: say(
        kind === 'told' || kind === 'confirm' || kind === 'known' || kind === 'test'
          ? `subscription.letter.${kind}`
          : 'subscription.letter.other',
      ),
      at: [reader.time(at)],
      outcome: say(`subscription.outcome.${outcome ?? 'waiting'}`),
    })),
  }
}

function personalFrame(title: string, { snapshot, reader, url }: Around): Frame {
  const site = siteName(snapshot, reader)
  const whole = reader.say('incident.title', { name: title, site })
  return frameOf({ snapshot, reader, url, path: null, title: whole, description: title })
}

function siteName({ site }: Snapshot, reader: Reader): string {
  return reader.name(site, 'name').text
}

function toFront({ say, href }: Reader): Link {
  return { href: href('/'), word: say('report.front') }
}

/** Short, so that somebody knows it again. */
function placeOf({ channel, target }: Subscriber, { say }: Reader): string {
  const word = say(`subscribe.channel.${channel}`)
  if (channel === 'email') return target['address'] ?? word
  if (channel === 'sms') return target['number'] ?? word
  const host = URL.parse(target['url'] ?? '')?.hostname
  return host ? `${word} (${host})` : word
}

/** By their names as readers know them; what is not there any more has none. */
function followed(scope: Scope, { snapshot, reader }: Pick<Around, 'snapshot' | 'reader'>): readonly Words[] {
  if (scope.everything === 'yes') return [[reader.say('subscribe.all')]]
  const groups = snapshot.groups.filter(({ id }) => scope.groups.includes(id))
  const components = snapshot.listed.filter(({ id }) => scope.components.includes(id))
  const incidents = snapshot.recentIncidents.filter(({ id }) => scope.incidents.includes(id))
  return [
    ...groups.map((group) => reader.phrase('subscribe.group', { name: [reader.name(group, 'name')] })),
    ...components.map((component): Words => [reader.name(component, 'name')]),
    ...incidents.map((incident): Words => [reader.name(incident, 'name', incident.locale)]),
  ]
}
