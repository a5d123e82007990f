import type { FastifyRequest } from 'fastify'
import { type Account, type Deed, may } from '../../domain/accounts/account.ts'
import type { Site } from '../../domain/site/site.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Language } from '../../domain/site/reader.ts'
import type { DeskWords } from './words.ts'
import { doneWords } from './done.ts'

/** What surrounds every page of the desk. */
export interface Frame {
  readonly title: string
  readonly site: Site
  /** Of readers, each with its own name, the site's first. */
  readonly languages: readonly Language[]
  readonly account: Account | null
  readonly nav: readonly NavItem[]
  /** Stands in every form. */
  readonly token: string
  /** What the last form did, in words. */
  readonly done: string | null
  /** Of their recovery codes, on the page after one of them let them in; null: on any other. */
  readonly codesLeft: number | null
  /** What was promised next, above everything. */
  readonly promise: {
    readonly incident: string
    readonly name: string
    readonly by: Instant
    /** How many more there are. */
    readonly others: number
  } | null
  readonly words: DeskWords
  readonly now: Instant
  readonly assets: { readonly styles: readonly string[]; readonly scripts: readonly string[] }
  /** Nothing is open to them but setting up a second factor. */
  readonly isHeldBack: boolean
  may(deed: Deed): boolean
}

interface NavItem {
  readonly label: string
  readonly href: string
  /** This page, or the place that it lies below. */
  readonly isCurrent: boolean
  readonly isThis: boolean
  /** Needed while something is broken: in sight on a phone too, where the others fold away. */
  readonly isFirst: boolean
  readonly count: number
}

interface Place {
  readonly label: string
  readonly href: string
  readonly deed: Deed
  /** An address that stands elsewhere and is found here. */
  readonly below?: string
}

const pages: readonly Place[] = [
  { label: 'Now', href: '/admin', deed: 'see' },
  { label: 'Incidents', href: '/admin/incidents', deed: 'see' },
  { label: 'Reviews', href: '/admin/reviews', deed: 'see', below: '/admin/actions' },
  { label: 'Maintenance', href: '/admin/maintenances', deed: 'see' },
  { label: 'Notices', href: '/admin/notices', deed: 'see' },
  { label: 'Subscribers', href: '/admin/subscribers', deed: 'see' },
  { label: 'Systems', href: '/admin/components', deed: 'see' },
  { label: 'Probes', href: '/admin/probes', deed: 'see' },
  { label: 'Templates', href: '/admin/templates', deed: 'disclose' },
  { label: 'Team', href: '/admin/team', deed: 'manage-people' },
  { label: 'Tokens', href: '/admin/tokens', deed: 'configure' },
  { label: 'Settings', href: '/admin/settings', deed: 'configure', below: '/admin/metrics' },
  { label: 'Log', href: '/admin/log', deed: 'see' },
]

export function navOf(request: FastifyRequest, account: Account | null, waiting: number): NavItem[] {
  const path = request.url.split('?')[0] ?? ''
  return pages
    .filter(({ deed }) => account !== null && !request.visitor.isHeldBack && may(account.role, deed))
    .map(({ label, href, below }) => ({
      label,
      href,
      isThis: path === href,
      isCurrent: path === href || (href !== '/admin' && [href, below].some((at) => isUnder(path, at))),
      isFirst: href === '/admin' || href === '/admin/incidents',
      count: href === '/admin' ? waiting : 0,
    }))
}

function isUnder(path: string, page: string | undefined): boolean {
  return page !== undefined && (path === page || path.startsWith(`${page}/`))
}

const spentCode = 'entered=recovery-code'

/** The page after a recovery code let them in. */
export function sayingWhatIsLeft(page: string): string {
  return `${page}${page.includes('?') ? '&' : '?'}${spentCode}`
}

export function hasSpentCode({ url }: FastifyRequest): boolean {
  return url.endsWith(spentCode)
}

/** The word after a form was done: chosen from a list, so that no link can put words on the desk. */
export function doneOf(request: FastifyRequest): string | null {
  const { done } = request.query as { readonly done?: unknown }
  return typeof done === 'string' && Object.hasOwn(doneWords, done) ? doneWords[done as keyof typeof doneWords] : null
}
