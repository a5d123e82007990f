import { type Static, choice, fields, optional, whole as wholeNumber } from '../../../lib/fields.ts'
import { kindRules } from './kind.ts'
import { type Target, readHost, targetAsks, targetForm } from './target.ts'

/** Whom to ping, and how often in one check. */
export interface IcmpSpec extends Pick<Target, 'host' | 'family'> {
  readonly count: number
}

const asks = {
  host: targetAsks.host,
  count: optional(wholeNumber(1, 10)),
  family: optional(choice(['any', 'ipv4', 'ipv6'])),
}

const whole = fields(asks)

export const icmp = kindRules({
  label: 'Ping (ICMP)',
  purpose: 'Asks whether a machine is there at all: routers, switches, hosts without a service of their own.',
  asks,
  form: {
    host: { ...targetForm.host, placeholder: 'router.example.com' },
    count: {
      label: 'Packets',
      usual: '3',
      hint: 'One that comes back is enough. If more have to, assert loss < 50%.',
      place: 'more',
    },
    family: targetForm.family,
  },
  read: specOf,
  sources: () => ['rtt', 'loss', 'latency.dns'],
  exampleAssertions: 'rtt < 100ms\nloss < 50%',
  nameOf: ({ host }: IcmpSpec) => host.slice(0, 100),
})

function specOf(given: Static<typeof whole>): IcmpSpec {
  return { host: readHost(given.host), count: given.count ?? 3, family: given.family ?? 'any' }
}
