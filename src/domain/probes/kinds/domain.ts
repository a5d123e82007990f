import { Invalid } from '../../../lib/errors.ts'
import { type Static, choice, fields, line, optional, whole as wholeNumber } from '../../../lib/fields.ts'
import { isAddress, readTarget } from '../../../lib/guard.ts'
import { kindRules } from './kind.ts'

/** A name somebody pays for each year, and when to say that the next payment is due. */
export interface DomainSpec {
  /** In lower case, and in ASCII. */
  readonly domain: string
  readonly warnDays: number
  readonly mustBeLocked: 'yes' | 'no'
  /** Which server knows the names of which ending, in the form of RFC 9224. */
  readonly directory: string
}

const asks = {
  domain: line(253),
  warnDays: optional(wholeNumber(0, 365)),
  mustBeLocked: optional(choice(['yes', 'no'])),
  directory: optional(line(500)),
}

const whole = fields(asks)

export const domain = kindRules({
  label: 'Registration of a domain',
  purpose: 'Asks the registry until when a name is registered, before somebody else can have it.',
  asks,
  form: {
    domain: {
      label: 'Domain',
      as: 'mono',
      placeholder: 'example.com',
      hint: 'As it was registered: without www. The registry is asked at most every ten minutes.',
    },
    warnDays: { label: 'Warn how many days before the end', usual: '30' },
    mustBeLocked: {
      label: 'Locked against being moved to another registrar',
      usual: 'no',
      choices: { no: 'Not looked at', yes: 'It must be' },
      place: 'more',
    },
    directory: {
      label: 'Directory of registries',
      as: 'url',
      usual: 'https://data.iana.org/rdap/dns.json',
      hint: 'The one of IANA knows all public ones. A private registry has its own.',
      place: 'more',
    },
  },
  // Registries shut out those who ask more often, and nothing about a registration changes within the hour.
  fastestSeconds: 3600,
  // What is over is not gone at once: those who pay for the name must hear of it before the readers do.
  usual: { intervalSeconds: 43_200, policy: 'draft', downStatus: 'degraded_performance' },
  read: specOf,
  nameOf: (spec) => spec.domain,
})

function specOf({ domain: name, warnDays, mustBeLocked, directory }: Static<typeof whole>): DomainSpec {
  const target = readTarget(directory ?? 'https://data.iana.org/rdap/dns.json')
  if ('fault' in target) throw new Invalid('The directory must be an address that begins with https://.', 'directory')
  return {
    domain: domainOf(name),
    warnDays: warnDays ?? 30,
    mustBeLocked: mustBeLocked ?? 'no',
    directory: target.url.href,
  }
}

function domainOf(text: string): string {
  // Browsers turn `bücher.example` into what registries know it as.
  const name = /^[^\s/:@?#%\\]+$/.test(text) ? (URL.parse(`http://${text}`)?.hostname.replace(/\.$/, '') ?? '') : ''
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name) || isAddress(name)) {
    throw new Invalid('The domain must be a name with its ending, such as example.com.', 'domain')
  }
  return name
}
