import { type Db, type Tx, inTransaction } from '../../../database/database.ts'
import { takeTurn } from '../../../database/dialect.ts'
import { type Clock, type Instant, later, millisecondsOf } from '../../../lib/clock.ts'
import { expectedOf } from '../kinds/heartbeat.ts'
import { type Heartbeat, type Sign, type Signal, longestLog } from './heartbeat.ts'
import { heartbeatByToken } from './queries.ts'
import { type Expected, deadlineAfter } from './timing.ts'

export interface HearParts {
  readonly db: Db
  readonly clock: Clock
}

export interface Call {
  readonly token: string
  readonly signal: Signal
  /** What came along with it. */
  readonly text: string
}

/** More than these wait for no verdict: the oldest that say that all is well are the first to go. */
const mostUntaken = 20

/**
 * Hears a sign of life: one row is rewritten, and with it the next deadline stands. What it means for the verdict follows
 * within a second, from the row, so that nothing that was acknowledged is lost. Answers whether anybody has this address.
 */
export async function hear({ db, clock }: HearParts, call: Call): Promise<'heard' | 'unknown'> {
  // Whoever guesses addresses must not keep those waiting who write.
  if (!(await heartbeatByToken(db, call.token))) return 'unknown'
  return inTransaction(db, async (tx) => {
    // Two that call at once must not overwrite each other.
    await takeTurn(tx)
    const heartbeat = await heartbeatByToken(tx, call.token)
    if (!heartbeat) return 'unknown'
    await rewrite(tx, heartbeat, { ...call, now: clock.now() })
    return 'heard'
  })
}

async function rewrite(tx: Tx, heartbeat: Heartbeat, { signal, text, now }: Omit<Call, 'token'> & { now: Instant }) {
  const said = text.trim() === '' ? {} : { log: writable(text), logged_at: now }
  // Somebody put it to rest: that it calls all the same is no news, and no mistake of its own.
  const heard = heartbeat.pausedAt === null ? heardOf(heartbeat, signal, now) : {}
  if (Object.keys(heard).length === 0 && Object.keys(said).length === 0) return
  await tx
    .updateTable('probe_heartbeats')
    .set({ ...heard, ...said })
    .where('probe_id', '=', heartbeat.probeId)
    .execute()
}

/** As a database can keep it: one byte that no text has must not cost a job its sign of life. */
function writable(text: string): string {
  return text.slice(0, longestLog).replaceAll('\0', '\ufffd').toWellFormed()
}

/** What a signal changes in the row. */
function heardOf(heartbeat: Heartbeat, signal: Signal, now: Instant) {
  const expected = expectedOf(heartbeat.spec)
  switch (signal.says) {
    case 'log':
      return {}
    case 'start':
      return { started_at: now, next_deadline: deadlineOfRun(heartbeat, expected, now) }
    case 'success':
      return endOf(heartbeat, expected, { at: now, outcome: 'pass', reason: null, code: null })
    case 'fail':
      return endOf(heartbeat, expected, { at: now, outcome: 'fail', reason: 'reported', code: null })
    case 'exit':
      return endOf(
        heartbeat,
        expected,
        signal.code === 0
          ? { at: now, outcome: 'pass', reason: null, code: null }
          : { at: now, outcome: 'fail', reason: 'reported', code: signal.code },
      )
  }
}

/**
 * It began, so it is alive; now the run has to end in time, if anybody said how long it may take. One that begins again
 * without an end has no more time than before: it may break off each time.
 */
function deadlineOfRun({ startedAt, nextDeadline }: Heartbeat, { longestRun }: Expected, now: Instant): Instant | null {
  if (longestRun === null) return nextDeadline
  const end = later(now, longestRun)
  return startedAt !== null && nextDeadline !== null && nextDeadline < end ? nextDeadline : end
}

function endOf({ startedAt, pingedAt, tookMs, untaken }: Heartbeat, expected: Expected, sign: Sign) {
  return {
    pinged_at: sign.outcome === 'pass' ? sign.at : pingedAt,
    started_at: null,
    took_ms: startedAt === null ? tookMs : Math.max(0, millisecondsOf(sign.at) - millisecondsOf(startedAt)),
    next_deadline: deadlineAfter(expected, sign.at),
    untaken: JSON.stringify(bounded([...untaken, sign])),
    untaken_at: untaken[0]?.at ?? sign.at,
  }
}

function bounded(signs: readonly Sign[]): readonly Sign[] {
  if (signs.length <= mostUntaken) return signs
  const dispensable = Math.max(
    0,
    signs.findIndex(({ outcome }) => outcome === 'pass'),
  )
  return signs.toSpliced(dispensable, 1)
}
