import { Invalid } from '../../../lib/errors.ts'
import { type Static, fields, line, optional, prose } from '../../../lib/fields.ts'
import { readTarget } from '../../../lib/guard.ts'
import { readVisit, secretMark } from '../visit.ts'
import { kindRules } from './kind.ts'

/** Where a browser goes, and what it does there. */
export interface BrowserSpec {
  readonly url: string
  /** As `readVisit` understands it. */
  readonly script: string
  /** Filled in where `{secret}` stands. */
  readonly secret: string | null
}

const asks = {
  url: line(2000),
  script: prose(5000),
  secret: optional(line(500)),
}

const whole = fields(asks)

export const browser = kindRules({
  label: 'A visit with a browser',
  purpose: 'Opens pages in Chromium as a visitor would, clicks, fills in, and looks whether the right words appear.',
  asks,
  form: {
    url: {
      label: 'Address to begin at',
      as: 'url',
      placeholder: 'https://shop.example.com/',
      hint: 'Needs a Chromium that CANDOR_CHROMIUM names, and some hundred megabytes while it visits: one at a time.',
    },
    script: {
      label: 'What the visitor does, a step a line',
      as: 'mono',
      placeholder:
        'fill "E-mail" with "probe@example.com"\nfill "Password" with "{secret}"\nclick "Sign in"\nexpect "Your orders"',
      hint: 'open /path · click "text" · fill "label" with "value" · expect "text" · expect title "text". What begins with # . or [ is a CSS selector.',
    },
    secret: {
      label: 'Secret',
      hint: 'Is filled in where {secret} stands.',
      secret: 'yes',
    },
  },
  fastestSeconds: 60,
  usual: { intervalSeconds: 300 },
  needs: 'chromium',
  read: specOf,
  nameOf: ({ url }) => URL.parse(url)?.host ?? url,
  // A page may send what is filled in wherever it likes, and lead elsewhere before: many sites have one that does.
  audienceOf: ({ url, script }) => JSON.stringify([url, script]),
})

function specOf({ url, script, secret = null }: Static<typeof whole>): BrowserSpec {
  const target = readTarget(url)
  if ('fault' in target) throw new Invalid('The address must be one such as https://shop.example.com/.', 'url')
  target.url.hash = ''
  const visit = readVisit(script)
  if ('fault' in visit) throw new Invalid(`Line ${visit.line}: ${visit.fault}`, 'script')
  if (visit.every((step) => step.do !== 'expect' && step.do !== 'expect title')) {
    throw new Invalid('Say at least once what the visitor expects to see, or nothing could ever be wrong.', 'script')
  }
  const isUsed = visit.some((step) => step.do === 'fill' && step.value.includes(secretMark))
  if (secret !== null && !isUsed) {
    throw new Invalid(`Nothing is filled in with ${secretMark}, so that the secret is not needed.`, 'secret')
  }
  return { url: target.url.href, script, secret }
}
