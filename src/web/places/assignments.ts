import { createHash } from 'node:crypto'
import type { Deps } from '../../deps.ts'
import { allJobs, probesChangedSince } from '../../outbound/probing/jobs.ts'
import { type Assignments, revisionOf } from '../../outbound/probing/place-wire.ts'
import { readSite } from '../../domain/site/queries.ts'

export interface Assigned {
  readonly etag: string
  readonly body: string
  readonly revisions: ReadonlyMap<string, string>
}

interface Held extends Assigned {
  readonly version: number
}

/** What each place has to check, held until something about probes changes. It holds secrets: never log it. */
export function assignments(parts: Pick<Deps, 'db' | 'vault' | 'latestVersion'>): (place: number) => Promise<Assigned> {
  const held = new Map<number, Held>()
  const reading = new Map<number, Promise<Held>>()

  async function read(place: number): Promise<Held> {
    // First the version: what changes while the rest is read is read again next time.
    const version = await parts.latestVersion()
    const known = held.get(place)
    if (known) {
      if (known.version === version) return known
      const changed = await probesChangedSince(parts.db, known.version, version)
      if (changed !== 'all' && changed.length === 0) return keep(place, { ...known, version })
    }
    const jobs = await allJobs(parts, place)
    const { id: siteId } = await readSite(parts.db)
    const probes = jobs.map((job) => ({ ...job, revision: revisionOf(job) }))
    const body = JSON.stringify({ siteId, probes } satisfies Assignments)
    // Whether a verdict hangs in the balance is told with each report: it makes no new list.
    const lasting = JSON.stringify(probes.map((job) => ({ ...job, hangs: null })))
    const etag = `"${createHash('sha256').update(siteId).update(lasting).digest('base64url').slice(0, 22)}"`
    return keep(place, { version, etag, body, revisions: new Map(probes.map(({ id, revision }) => [id, revision])) })
  }

  function keep(place: number, next: Held): Held {
    held.set(place, next)
    return next
  }

  return (place) => {
    const underWay = reading.get(place) ?? read(place).finally(() => reading.delete(place))
    reading.set(place, underWay)
    return underWay
  }
}
