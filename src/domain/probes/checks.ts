import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { type Instant, instantOf, millisecondsOf } from '../../lib/clock.ts'
import { here } from '../places/place.ts'
import type { Outcome } from './finding.ts'
import type { Check } from './probe.ts'

/** As they stand in the table of checks, where rows come by the million. */
export const outcomes: readonly Outcome[] = ['pass', 'slow', 'fail', 'inconclusive']

/** Most rows that one statement deletes, so that nothing else waits long. */
export const chunk = 5000

/** Keeps checks that were made from one place. Twice the same check is one. */
export async function takeChecks(tx: Tx, checks: readonly Check[], place: number = here): Promise<void> {
  const rows = checks.map((check) => ({
    t: Math.floor(millisecondsOf(check.at) / 1000),
    probe_id: check.probeId,
    place,
    outcome: outcomes.indexOf(check.outcome),
    ms: check.ms ?? -1,
    code: check.code ?? 0,
  }))
  for (let from = 0; from < rows.length; from += 500) {
    await tx
      .insertInto('checks')
      .values(rows.slice(from, from + 500))
      .onConflict((conflict) => conflict.columns(['t', 'probe_id', 'place']).doNothing())
      .execute()
  }
}

/** Checks of one probe since an instant, newest first: an operator's evidence, never a page's. */
export async function latestChecks(db: Db, probeId: string, since: Instant, limit: number): Promise<Check[]> {
  const rows = await db
    .selectFrom('checks')
    .selectAll()
    .where('t', '>=', Math.floor(millisecondsOf(since) / 1000))
    .where('probe_id', '=', probeId)
    .orderBy('t', 'desc')
    .orderBy('place')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    probeId,
    at: instantOf(row.t * 1000),
    outcome: outcomes[row.outcome] ?? 'inconclusive',
    // Rows by the million carry no words; the probe's state has the last reason.
    reason: null,
    ms: row.ms < 0 ? null : row.ms,
    code: row.code === 0 ? null : row.code,
  }))
}

/** Deletes checks before this second, a chunk at a time, each in a transaction of its own. */
export async function forgetChecksBefore(db: Db, second: number): Promise<number> {
  let forgotten = 0
  for (;;) {
    const next = await db
      .selectFrom('checks')
      .select('t')
      .where('t', '<', second)
      .orderBy('t')
      .orderBy('probe_id')
      .offset(chunk)
      .limit(1)
      .executeTakeFirst()
    // A second that alone fills a chunk goes whole.
    const first =
      next &&
      (await db
        .selectFrom('checks')
        .select((eb) => eb.fn.min('t').as('t'))
        .executeTakeFirst())
    const until = next ? Math.max(next.t, Number(first?.t ?? 0) + 1) : second
    const result = await inTransaction(db, (tx) => tx.deleteFrom('checks').where('t', '<', until).executeTakeFirst())
    forgotten += Number(result.numDeletedRows)
    if (!next) return forgotten
  }
}
