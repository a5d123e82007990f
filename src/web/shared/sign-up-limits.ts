import type { ChannelKind, Target } from '../../domain/subscribers/channel.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Standing, millisecondsBy, rateLimit } from '../../lib/rate-limit.ts'
import { hashOfSecret } from '../../lib/secrets.ts'

/** How often strangers may cause letters: what belongs to an address alone stands with its row (`signing-up.ts`). */
export interface SignUpLimits {
  /** The only limit that anybody is told of. */
  network(block: string): Standing
  /** Whether another letter may go where this leads; nobody is told, or they would learn who else asked. */
  mayAsk(kind: ChannelKind, target: Target): boolean
}

/** Of one network in an hour: a whole office may sit behind one address. */
const mostOfNetwork = 30
/** To one server of mail or of programs in an hour: an outage brings in hundreds at once from one customer. */
const mostOfDomain = 1000
/**
 * To one mailbox, telephone or program in a day, by whatever name. Three of them stand with its row (`signing-up.ts`), which
 * goes when a program takes back what it asked.
 */
const mostOfPlace = 5
/** By text message in an hour, to all together: each costs the operator money, and some numbers pay those who make us write. */
const mostTexts = 100

/** In memory: a restart forgives, and two processes allow twice as much. Why that is enough: 063. */
export function signUpLimits(clock: Clock): SignUpLimits {
  const networks = rateLimit({ name: 'network', most: mostOfNetwork, seconds: 3600 }, millisecondsBy(clock))
  const domains = rateLimit({ name: 'domain', most: mostOfDomain, seconds: 3600 }, millisecondsBy(clock))
  const places = rateLimit({ name: 'place', most: mostOfPlace, seconds: 86_400 }, millisecondsBy(clock))
  const texts = rateLimit({ name: 'texts', most: mostTexts, seconds: 3600 }, millisecondsBy(clock))
  const mayTo = (kind: ChannelKind, target: Target): boolean => {
    if (places.take(hashOfSecret(`${kind} ${placeOf(kind, target)}`)).isOver) return false
    return kind !== 'sms' || !texts.take('').isOver
  }
  return {
    network: (block) => networks.take(block),
    mayAsk: (kind, target) => mayTo(kind, target) && !domains.take(domainOf(kind, target)).isOver,
  }
}

function placeOf(kind: ChannelKind, target: Target): string {
  return kind === 'email' ? mailboxOf(target) : (target['number'] ?? target['url'] ?? target['endpoint'] ?? '')
}

/** Where mail to an address ends up: most servers leave out what stands behind a plus sign, and Google dots as well. */
function mailboxOf({ address = '' }: Target): string {
  const [local = '', domain = ''] = address.toLowerCase().split('@')
  const [name = ''] = local.split('+')
  const isGoogle = domain === 'gmail.com' || domain === 'googlemail.com'
  return isGoogle ? `${name.replaceAll('.', '')}@gmail.com` : `${name}@${domain}`
}

function domainOf(kind: ChannelKind, target: Target): string {
  if (kind === 'email') return (target['address'] ?? '').split('@').at(-1) ?? ''
  // Of a telephone: the country and the first digits of its network.
  if (kind === 'sms') return (target['number'] ?? '').slice(0, 6)
  return URL.parse(target['url'] ?? target['endpoint'] ?? '')?.hostname ?? kind
}
