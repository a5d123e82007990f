import type { Db, Tx } from '../../../database/database.ts'
import { type Instant, instantOf, millisecondsOf } from '../../../lib/clock.ts'
import { here } from '../../places/place.ts'
import type { Outcome } from '../finding.ts'
import { unpackedChecks } from './packed.ts'
import { inPortions } from './portions.ts'
import type { Check } from '../probe.ts'

/** As they stand in the table of checks, where rows come by the million. */
export const outcomes: readonly Outcome[] = ['pass', 'slow', 'fail', 'inconclusive']

/** Keeps checks that were made from one place. Twice the same check is one. */
export async function takeChecks(tx: Tx, checks: readonly Check[], place: number = here): Promise<void> {
  await inPortions(checks, async (some) => {
    const numbers = await numbersOf(tx, [...new Set(some.map(({ probeId }) => probeId))])
    const rows = some.flatMap((check) => {
      const probe = numbers.get(check.probeId)
      if (probe === undefined) return []
      const t = Math.floor(millisecondsOf(check.at) / 1000)
      return [{ t, probe, place, outcome: outcomes.indexOf(check.outcome), ms: check.ms ?? -1, code: check.code ?? 0 }]
    })
    if (rows.length === 0) return
    await tx
      .insertInto('checks')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['t', 'probe', 'place']).doNothing())
      .execute()
  })
}

async function numbersOf(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.selectFrom('probes').select(['id', 'number']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, number }) => [id, number]))
}

/** A check, and where it was made. */
export interface PlacedCheck extends Check {
  readonly place: number
}

/** Seconds that are looked up at once. */
const glance = 600

/**
 * Checks of one probe since an instant, newest first, as far back as they are kept: an operator's evidence, never a
 * page's. Time comes first in the order of both tables, so each second, and each packed hour before them, is looked up:
 * up to 5 400 times where nothing is found, whatever there is of other probes.
 */
export async function latestChecks(db: Db, probeId: string, since: Instant, limit: number): Promise<PlacedCheck[]> {
  const probe = (await numbersOf(db, [probeId])).get(probeId)
  if (probe === undefined) return []
  const from = Math.floor(millisecondsOf(since) / 1000)
  const found = await hotChecks(db, probe, { from, limit })
  const rest = limit - found.length
  const older = rest > 0 ? await packedSince(db, probe, { from, limit: rest }) : []
  return [...found, ...older].map(({ t, place, outcome, ms, code }) => ({
    probeId,
    place,
    at: instantOf(t * 1000),
    outcome: outcomes[outcome] ?? 'inconclusive',
    // Rows by the million carry no words; the probe's state has the last reason.
    reason: null,
    ms: ms < 0 ? null : ms,
    code: code === 0 ? null : code,
  }))
}

interface Found {
  readonly t: number
  readonly place: number
  readonly outcome: number
  readonly ms: number
  readonly code: number
}

interface Bounds {
  readonly from: number
  readonly limit: number
}

async function hotChecks(db: Db, probe: number, { from, limit }: Bounds): Promise<Found[]> {
  const [newest, oldest] = [await endOf(db, 'desc'), await endOf(db, 'asc')]
  const found: Found[] = []
  if (newest === null || oldest === null) return found
  const first = Math.max(from, oldest)
  for (let until = newest; until >= first && found.length < limit; until -= glance) {
    const seconds = Array.from({ length: Math.min(glance, until - first + 1) }, (_, ago) => until - ago)
    const rows = await db
      .selectFrom('checks')
      .select(['t', 'place', 'outcome', 'ms', 'code'])
      .where('t', 'in', seconds)
      .where('probe', '=', probe)
      .orderBy('t', 'desc')
      .orderBy('place')
      .limit(limit - found.length)
      .execute()
    found.push(...rows)
  }
  return found
}

async function endOf(db: Db, direction: 'asc' | 'desc'): Promise<number | null> {
  const row = await db.selectFrom('checks').select('t').orderBy('t', direction).limit(1).executeTakeFirst()
  return row?.t ?? null
}

/** More hours than checks are kept for. */
const mostHours = 192

async function packedSince(db: Db, probe: number, { from, limit }: Bounds): Promise<Found[]> {
  const newest = await db.selectFrom('check_samples').select('hour').orderBy('hour', 'desc').limit(1).executeTakeFirst()
  if (!newest) return []
  const first = Math.max(Math.floor(from / 3600), newest.hour - mostHours)
  if (first > newest.hour) return []
  const hours = Array.from({ length: newest.hour - first + 1 }, (_, ago) => newest.hour - ago)
  const rows = await db
    .selectFrom('check_samples')
    .select(['hour', 'place', 'packed'])
    .where('hour', 'in', hours)
    .where('probe', '=', probe)
    .orderBy('hour', 'desc')
    .orderBy('place')
    .execute()
  return rows
    .flatMap(({ hour, place, packed }) =>
      unpackedChecks(packed).map(({ second, ...check }) => ({ t: hour * 3600 + second, place, ...check })),
    )
    .filter(({ t }) => t >= from)
    .toSorted((a, b) => b.t - a.t || a.place - b.place)
    .slice(0, limit)
}
