import type { Heading, SecretFile } from '../../database/archive/format.ts'
import { fillFrom } from '../../database/archive/fill.ts'
import type { Part } from '../../database/archive/read.ts'
import { type OpenDatabase, inTransaction, readTogether } from '../../database/database.ts'
import { assertSound, draftBeside } from '../../database/draft.ts'
import { migrate } from '../../database/migrate.ts'
import { changer } from '../../domain/changes/change.ts'
import { ledgerItself } from '../../domain/ledger/chain.ts'
import { currentKey, ledgerBytes, ledgerEnd } from '../../domain/ledger/queries.ts'
import { scribe } from '../../domain/ledger/scribe.ts'
import { barAgain } from '../../domain/subscribers/suppressions.ts'
import { readSnapshot } from '../../domain/status/snapshot.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { Invalid } from '../../lib/errors.ts'
import type { Ids } from '../../lib/ids.ts'
import { vault } from '../../lib/vault.ts'
import { type KeysThere, keysBeside } from './keys.ts'
import { type Unknown, isKnown, leaversSince } from './leavers.ts'

export interface RestoreParts {
  readonly url: string
  readonly dataDir: string
  /** The archive, from its beginning each time. */
  open(): AsyncIterable<Part>
  readonly existing: 'keep' | 'replace'
  /** `moved`: nothing was published after the backup was made, so that the ledger goes on as if nothing had been. */
  readonly because: 'lost' | 'moved'
  readonly brokenLedger: 'refuse' | 'accept'
  readonly clock: Clock
  readonly ids: Ids
  report(step: string, done: number): void
}

export interface Restored {
  readonly heading: Heading
  readonly rows: number
  /** The steps that brought the tables to this version. */
  readonly migrated: readonly string[]
  /** Under which name the database of before is kept. */
  readonly kept: string | null
  readonly keys: KeysThere
  readonly ledger: { readonly entries: number; readonly broken: string | null; readonly key: string | null }
  /** What needs somebody's eyes at once: what is open on the page, and what would be said by itself. */
  readonly openIncidents: readonly string[]
  readonly dueByThemselves: number
  /** Of subscribers: how many left since and stay away; or why nobody knows, and whoever did is told again. */
  readonly leavers: number | Unknown
}

/**
 * Puts what an archive holds in the place of a database. The archive is read once in full before anything is made; then it
 * is written beside, checked there, and takes the place in one step. Whatever fails, nothing was changed.
 */
export async function restore(parts: RestoreParts): Promise<Restored> {
  const { heading, secrets, rows } = await checkArchive(parts)
  const keys = keysBeside(parts.dataDir, secrets, parts)
  const draft = await draftBeside(parts.url, parts.existing, parts)
  try {
    const { db } = draft.database
    await fillFrom(db, parts.open(), {
      clock: parts.clock,
      report: (done) => parts.report('Checking what was written', done),
    })
    const migrated = await migrate(db, parts.clock)
    const broken = await ledgerFault(draft.database)
    if (broken !== null && parts.brokenLedger === 'refuse') {
      throw new Invalid(
        `The ledger in this archive does not hold: ${broken}. Nothing was changed. It was so before the backup was made: try an older one, or restore it all the same with --accept-broken-ledger.`,
      )
    }
    if (parts.because === 'lost') await sayRestored(draft.database, heading, parts)
    const left = keys.areOthers ? 'another key' : await leaversSince(parts.url, heading.at)
    const leavers = isKnown(left) ? await inTransaction(db, (tx) => barAgain(tx, left)) : left
    const now = await standing(draft.database, parts.clock)
    assertSound(draft.database)
    const kept = await draft.swap()
    return {
      heading,
      rows,
      migrated,
      kept,
      keys: keys.write(),
      ledger: { ...now.ledger, broken },
      leavers,
      ...now.todo,
    }
  } finally {
    await draft.discard()
  }
}

/** Reads every byte, before anything is made. */
export async function checkArchive({ open, report }: Pick<RestoreParts, 'open' | 'report'>) {
  const secrets: SecretFile[] = []
  let heading: Heading | null = null
  let rows = 0
  for await (const part of open()) {
    if (part.kind === 'heading') heading = part.heading
    if (part.kind === 'secret') secrets.push(part.secret)
    if (part.kind === 'row' && (rows += 1) % 10_000 === 0) report('Reading the archive', rows)
  }
  if (!heading) throw new Invalid('This is no archive of Candor.')
  return { heading, secrets, rows }
}

interface Verifier {
  verifyLedger(pieces: AsyncIterable<Uint8Array>): Promise<{ ok: true } | { ok: false; entry: number; reason: string }>
}

/** What readers' own program says of the ledger: null if nothing is wrong. */
async function ledgerFault({ db }: OpenDatabase): Promise<string | null> {
  const end = await ledgerEnd(db)
  if (!end) return null
  const program = new URL('../../../views/ledger/verify.js', import.meta.url)
  const { verifyLedger } = (await import(program.href)) as Verifier
  const verdict = await verifyLedger(ledgerBytes(db, 0, end.ends))
  return verdict.ok ? null : `entry ${verdict.entry} does not fit (${verdict.reason})`
}

/**
 * Says in the ledger itself that what may have been published after the backup is gone. Readers who know a later end of it
 * then learn why it does not fit, from us, instead of finding a past that was rewritten.
 */
async function sayRestored({ db }: OpenDatabase, { at, ledger }: Heading, { clock, ids }: RestoreParts): Promise<void> {
  // A ledger that has not begun has told nobody anything yet.
  if (!ledger) return
  const key = (await currentKey(db)) ?? ''
  const change = changer({ db, clock, ids, vault: vault(key), scribe: scribe(key), wake: () => undefined })
  await change({ kind: 'command', name: 'restore' }, (it) =>
    it.record({ type: 'ledger.restored', subject: ledgerItself, data: { from: at, entries: ledger.seq } }),
  )
}

async function standing({ db }: OpenDatabase, clock: Clock) {
  const snapshot = await readSnapshot(db, clock)
  return readTogether(db, async (tx) => {
    const isDue = (row: { at: Instant | null }): boolean => row.at !== null && row.at <= clock.now()
    const drafts = await tx
      .selectFrom('incidents')
      .select('publishes_at as at')
      .where('told_at', 'is', null)
      .where('dismissed_at', 'is', null)
      .where('publishes_at', 'is not', null)
      .execute()
    const updates = await tx
      .selectFrom('waiting_updates')
      .select('publishes_at as at')
      .where('held_because', 'is', null)
      .execute()
    const end = await ledgerEnd(tx)
    return {
      ledger: { entries: end?.seq ?? 0, key: await currentKey(tx) },
      todo: {
        openIncidents: snapshot.openIncidents.map(({ name }) => name),
        dueByThemselves: [...drafts, ...updates].filter(isDue).length,
      },
    }
  })
}
