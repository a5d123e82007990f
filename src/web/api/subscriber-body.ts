import type { Change } from '../../domain/changes/change.ts'
import { addSubscribers } from '../../domain/subscribers/adding.ts'
import { type ChannelKind, type Target, channelKinds } from '../../domain/subscribers/channel.ts'
import { numberIn } from '../../domain/subscribers/national-numbers.ts'
import { usualWishesBy } from '../../domain/subscribers/input.ts'
import { stateOf, subscriberByAddress, subscriberById, subscriberStates } from '../../domain/subscribers/queries.ts'
import { askForSomebody } from '../../domain/subscribers/signing-up.ts'
import type { Scope, Subscriber } from '../../domain/subscribers/subscriber.ts'
import { readTarget } from '../../domain/subscribers/targets.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import { described, flag, line, optional } from '../../lib/fields.ts'
import type { Given } from './call.ts'
import type { SubscriberAnswer } from './documents.ts'
import { toTheSecond } from './shapes.ts'

export const modes = ['email', 'sms', 'webhook', 'integration_partner', 'slack', 'teams'] as const
export type Mode = (typeof modes)[number]

/** Channels that the contract does not know are those of partners. */
export function modeOf(channel: ChannelKind): Mode {
  return modes.find((mode) => mode === channel) ?? 'integration_partner'
}

export function channelsOf(mode: Mode): readonly ChannelKind[] {
  return channelKinds.filter((kind) => modeOf(kind) === mode)
}

/** So many on a page of a list, and at once. */
export const mostAtOnce = 100

/** What the contract calls those of ours. */
export const statesOf = {
  active: ['active', 'paused'],
  unconfirmed: ['unconfirmed'],
  quarantined: ['disabled'],
  all: subscriberStates,
} as const

export const stateNames = [
  'active',
  'unconfirmed',
  'quarantined',
  'all',
] as const satisfies readonly (keyof typeof statesOf)[]

/** Of somebody who is to be told: one of the places. */
export const placeFields = {
  email: optional(line(320)),
  endpoint: optional(line(2000)),
  phone_number: optional(line(60)),
  phone_country: described(optional(line(2)), 'Of a mobile number that is written as at home: `PT`, `US`.'),
  skip_confirmation_notification: described(
    optional(flag),
    'True: you say that they agreed. Otherwise they are asked, and told nothing else until they say yes.',
  ),
}

type Named = {
  readonly [Name in 'email' | 'endpoint' | 'phone_number' | 'phone_country']?: string | null
} & { readonly skip_confirmation_notification?: boolean | null }

interface Place {
  readonly channel: ChannelKind
  readonly target: Target
}

export function placeOf(
  { email, endpoint, phone_number: number, phone_country: country }: Named,
  offered: readonly ChannelKind[],
): Place {
  const at = (channel: ChannelKind, target: Readonly<Record<string, unknown>>): Place => {
    if (!offered.includes(channel)) throw new Invalid(`This page sends nothing by ${channel}.`, 'subscriber')
    return { channel, target: readTarget(channel, target) }
  }
  if (email) return at('email', { address: email })
  if (endpoint) return at('webhook', { url: endpoint, format: 'statuspage' })
  if (number) return at('sms', { number: numberIn(number, country || null) })
  throw new Invalid('needs an email, an endpoint or a phone_number', 'subscriber')
}

/** Somebody new: told from now on if they agreed elsewhere, and asked if not. Answers their id. */
export async function takeIn(
  change: Change,
  place: Place,
  { site, scope, agreed }: Pick<Given, 'site'> & { readonly scope: Scope | null; readonly agreed: boolean },
): Promise<string> {
  const usual = usualWishesBy(place.channel, { locale: site.locale, zone: site.zone })
  const wishes = { ...usual, scope: scope ?? usual.scope }
  if (!agreed) {
    const known = await subscriberByAddress({ db: change.tx, vault: change.vault }, place.channel, place.target)
    if (known?.confirmedAt === null) {
      throw new Conflict('They were asked and have not said yes: resend_confirmation asks them once more.')
    }
    if (known) throw new Conflict('They are subscribed already.')
    const asked = await askForSomebody(change, { ...place, wishes, source: 'api', proof: 'by letter' })
    if (asked === null) throw suppressed()
    return asked
  }
  const [added] = await addSubscribers(change, [{ ...place, wishes, consentedAt: change.now }], 'api')
  if (added?.became === 'known') throw new Conflict('They are subscribed already.')
  if (added?.became === 'suppressed') throw suppressed()
  if (!added?.id) throw new Invalid('holds no component of this page', 'subscriber.component_ids')
  return added.id
}

function suppressed(): Conflict {
  return new Conflict('They left, complained or could not be reached: only an operator can let them be told again.')
}

export async function answerOf({ tx: db, vault }: Change, wanted: string): Promise<SubscriberAnswer> {
  return subscriberAnswer(found(await subscriberById({ db, vault }, wanted)))
}

export function found(one: Subscriber | null): Subscriber {
  if (!one) throw new NotFound('There is no such subscriber.')
  return one
}

export function subscriberAnswer(one: Subscriber): SubscriberAnswer {
  const { channel, target, scope } = one
  return {
    id: one.id,
    created_at: toTheSecond(one.createdAt),
    mode: modeOf(channel),
    email: target['address'] ?? null,
    endpoint: channel === 'webhook' ? (target['url'] ?? null) : null,
    phone_number: target['number'] ?? null,
    // Who is asked says yes later than they are written down.
    skip_confirmation_notification:
      one.source === 'import' || (one.source === 'api' && one.confirmedAt === one.createdAt),
    quarantined_at: one.disabledAt === null ? null : toTheSecond(one.disabledAt),
    purge_at: null,
    confirmed: stateOf(one) !== 'unconfirmed',
    components: scope.everything === 'yes' ? null : [...scope.components, ...scope.groups],
  }
}
