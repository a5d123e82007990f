import type { Db } from '../../../database/database.ts'
import type { Change } from '../../../domain/changes/change.ts'
import { createComponent } from '../../../domain/components/commands.ts'
import { createProbe } from '../../../domain/probes/commands.ts'
import { addressFault } from '../../../domain/probes/kinds/http.ts'
import type { Outcome } from '../../../domain/probes/finding.ts'
import { listProbes } from '../../../domain/probes/queries.ts'
import { latestStates } from '../../../domain/probes/verdicts/states.ts'
import type { Instant } from '../../../lib/clock.ts'
import { Invalid } from '../../../lib/errors.ts'
import { besideField } from '../../shared/forms.ts'
import { findingInWords } from './evidence.ts'

const most = 10

/** A component and a probe for each address, one a line; answers how many. Nothing is made if one of them is wrong. */
export async function watch(change: Change, urls: string): Promise<number> {
  const lines = urls
    .split(/\s+/)
    .map((line) => line.replace(/[,;]$/, ''))
    .filter((line) => line !== '')
  const addresses = [...new Set(lines.map(addressOf))]
  if (addresses.length > most) {
    throw new Invalid(
      `At most ${most} addresses here, and these are ${addresses.length}. Add more at the desk.`,
      'urls',
    )
  }
  mustBeAddresses(lines)
  for (const url of addresses) {
    const name = nameOf(url)
    try {
      const componentId = await createComponent(change, { name })
      await createProbe(change, { componentId, name, url })
    } catch (error) {
      if (error instanceof Invalid) throw new Invalid(`${quoted(url)}: ${besideField(error)}`, 'urls')
      throw error
    }
  }
  return addresses.length
}

/** Whoever mends one of them is not told of the next one then. */
function mustBeAddresses(lines: readonly string[]): void {
  const words = lines.filter(isWord).map((line) => `${quoted(line)} is no address.`)
  const faults = lines
    .filter((line) => !isWord(line))
    .map((line) => [line, addressFault(addressOf(line))] as const)
    .flatMap(([line, fault]) => (fault === null ? [] : [`${quoted(line)} ${fault}.`]))
  if (words.length > 0) words.push('Write example.com, or with its scheme: https://intranet.')
  if (lines.some((line) => /^(?!https?:)[a-z][a-z0-9+.-]*:\/\//i.test(line)))
    faults.push('Ports, databases and others are watched from the desk.')
  if (words.length + faults.length > 0) throw new Invalid([...words, ...faults].join(' '), 'urls')
}

/** A word alone is more likely part of a sentence than a host: as one it would be said to be down, to everybody. */
function isWord(line: string): boolean {
  return !/[.:]/.test(line)
}

function addressOf(line: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(line) && !/^[^/]+:\d+(\/|$)/.test(line) ? line : `https://${line}`
}

function quoted(line: string): string {
  return `“${line.slice(0, 100)}”`
}

/** The host as people say it, with the path where there is one: `example.com`, `api.example.com/health`. */
function nameOf(url: string): string {
  const parsed = URL.parse(url)
  if (!parsed?.host) return url.slice(0, 100)
  const path = parsed.pathname.replace(/\/$/, '')
  return `${parsed.host.replace(/^www\./, '')}${path}`.slice(0, 100)
}

export interface Watched {
  readonly id: string
  readonly name: string
  /** Null: the first check is on its way. */
  readonly checkedAt: Instant | null
  readonly outcome: Outcome | null
  /** What it found, as a sentence without its full stop. */
  readonly found: string | null
}

export async function watched(db: Db): Promise<Watched[]> {
  const states = await latestStates(db)
  return (await listProbes(db)).slice(0, most).map(({ id, name }) => {
    const last = states.get(id)?.last ?? null
    return {
      id,
      name,
      checkedAt: last?.at ?? null,
      outcome: last?.outcome ?? null,
      found: last && findingInWords(last),
    }
  })
}
