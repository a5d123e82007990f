import { Invalid } from '../../../lib/errors.ts'
import { type Static, choice, fields, line, optional } from '../../../lib/fields.ts'
import { readTarget } from '../../../lib/guard.ts'
import { kindRules } from './kind.ts'

/** Whose status page is read, and how. */
export interface UpstreamSpec {
  readonly page: string
  readonly shape: 'detect' | 'statuspage' | 'incident_io' | 'trust'
  /** A component by name or id, or an instance; null: the whole page. */
  readonly part: string | null
  /** What the supplier's own maintenance amounts to. */
  readonly maintenance: 'well' | 'trouble'
}

const asks = {
  page: line(500),
  part: optional(line(200)),
  shape: optional(choice(['detect', 'statuspage', 'incident_io', 'trust'])),
  maintenance: optional(choice(['well', 'trouble'])),
}

const whole = fields(asks)

export const upstream = kindRules({
  label: 'A supplier’s status page',
  purpose:
    'Reads what a supplier says of itself, so that its trouble shows as its own. Readers are told this probe’s name as the supplier’s.',
  asks,
  form: {
    page: { label: 'Status page', as: 'url', placeholder: 'https://status.example.com' },
    part: {
      label: 'Only this part of it',
      hint: 'A component by its name or id, or an instance such as EU48. Left empty, the whole page counts.',
    },
    shape: {
      label: 'How it is read',
      usual: 'detect',
      choices: {
        detect: 'Find out',
        statuspage: 'Statuspage, or another Candor',
        incident_io: 'incident.io',
        trust: 'Salesforce Trust',
      },
      place: 'more',
    },
    maintenance: {
      label: 'While the supplier maintains it',
      usual: 'well',
      choices: { well: 'It counts as working', trouble: 'It counts as troubled' },
      place: 'more',
    },
  },
  read: specOf,
  nameOf: ({ page }) => (URL.parse(page)?.hostname ?? page).replace(/^(www|status|trust)\./, ''),
})

function specOf({ page, part, shape, maintenance }: Static<typeof whole>): UpstreamSpec {
  const target = readTarget(page)
  if ('fault' in target) {
    throw new Invalid('The status page must be an address such as https://status.example.com.', 'page')
  }
  const { url } = target
  url.hash = ''
  const spec: UpstreamSpec = {
    page: url.href,
    shape: shape ?? 'detect',
    part: part ?? null,
    maintenance: maintenance ?? 'well',
  }
  if (spec.shape === 'trust' && spec.part === null && !/\/instances\/[^/]/.test(url.pathname)) {
    throw new Invalid('Name the instance, such as EU48: a Trust page has one status for each.', 'part')
  }
  return spec
}
