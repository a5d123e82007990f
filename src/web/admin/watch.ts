import type { Db } from '../../database/database.ts'
import type { Change } from '../../domain/changes/change.ts'
import { createComponent } from '../../domain/components/commands.ts'
import { createProbe } from '../../domain/probes/commands.ts'
import type { Outcome } from '../../domain/probes/finding.ts'
import { listProbes } from '../../domain/probes/queries.ts'
import { latestStates } from '../../domain/probes/states.ts'
import type { Instant } from '../../lib/clock.ts'
import { Invalid } from '../../lib/errors.ts'
import { findingInWords } from './evidence.ts'

const most = 10

/** A component and a probe for each address, one a line; answers how many. Nothing is made if one of them is wrong. */
export async function watch(change: Change, urls: string): Promise<number> {
  const lines = urls
    .split(/\s+/)
    .map((line) => line.replace(/[,;]$/, ''))
    .filter((line) => line !== '')
    .map(addressOf)
  const addresses = [...new Set(lines)]
  if (addresses.length > most) {
    throw new Invalid(
      `At most ${most} addresses here, and these are ${addresses.length}. Add more at the desk.`,
      'urls',
    )
  }
  for (const url of addresses) {
    const name = nameOf(url)
    try {
      const componentId = await createComponent(change, { name })
      await createProbe(change, { componentId, name, url })
    } catch (error) {
      if (error instanceof Invalid) throw new Invalid(`${url.slice(0, 100)}: ${error.message}`, 'urls')
      throw error
    }
  }
  return addresses.length
}

/** A word alone is more likely part of a sentence than a host: as one it would be said to be down, to everybody. */
function addressOf(line: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(line) && !/^[^/]+:\d+(\/|$)/.test(line)) return line
  if (!/[.:]/.test(line)) {
    throw new Invalid(
      `“${line.slice(0, 100)}” is no address. Write it as example.com, or with its scheme: https://intranet.`,
      'urls',
    )
  }
  return `https://${line}`
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
