import { Readable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../../src/database/database.ts'
import { currentKey, ledgerBytes, ledgerEnd } from '../../../src/domain/ledger/queries.ts'
import { randomIds } from '../../../src/lib/ids.ts'
import { openArchive } from '../../../src/outbound/backup/open.ts'
import { restore } from '../../../src/outbound/backup/restore.ts'
import { ada, afternoon, exported } from '../../domain/ledger/story.ts'
import { verifyLedger } from '../../domain/ledger/verifier.ts'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import { freshDatabaseUrl } from '../../database.ts'
import { world } from '../../world.ts'
import { archiveOf } from './archives.ts'
import { ownFolder } from '../../own-folder.ts'

/** A page that told more after its backup, and readers who kept where its ledger ended: before, and after. */
async function lost(because: 'lost' | 'moved') {
  const here = await world()
  await afternoon(here)
  const early = (await exported(here)).head
  const archive = await archiveOf(here.db, null)
  await here.change(ada, (it) =>
    openIncident(it, { name: 'Mail is late', body: 'We look into it.', stage: 'investigating', components: [] }),
  )
  const late = (await exported(here)).head
  const url = await freshDatabaseUrl()
  await restore({
    url,
    dataDir: ownFolder(),
    open: () => openArchive(Readable.from([archive]), { passphrase: null, identities: [] }),
    existing: 'keep',
    because,
    brokenLedger: 'refuse',
    clock: here.clock,
    ids: randomIds,
    report: () => undefined,
  })
  const { db, close } = openDatabase(url)
  onTestFinished(close)
  const pieces: Buffer[] = []
  for await (const piece of ledgerBytes(db, 0, (await ledgerEnd(db))?.ends ?? 0)) pieces.push(piece)
  return { db, pieces, early, late, here }
}

test('readers who know more than the backup are told by the ledger itself that the page was restored', async () => {
  const { db, pieces, early, late, here } = await lost('lost')
  const before = (early as { seq: number }).seq
  expect(await verifyLedger(pieces, { head: late })).toEqual({ ok: false, entry: before + 1, reason: 'restored' })
  // Who knows nothing later finds nothing wrong, and the same key goes on.
  expect(await verifyLedger(pieces, { head: early })).toMatchObject({ ok: true, covered: before })
  expect(await verifyLedger(pieces, {})).toMatchObject({ ok: true, restored: [{ entry: before + 1 }] })
  expect(await currentKey(db)).toBe(here.ledgerKeys.first.publicKey)
  expect(await db.selectFrom('events').select('type').orderBy('seq', 'desc').limit(1).executeTakeFirst()).toEqual({
    type: 'ledger.restored',
  })
})

test('a page that moves goes on with the very ledger it had', async () => {
  const { pieces, early, late } = await lost('moved')
  expect(await verifyLedger(pieces, { head: early })).toMatchObject({
    ok: true,
    entries: (early as { seq: number }).seq,
  })
  // It was no move: something was published since, and it shows.
  expect(await verifyLedger(pieces, { head: late })).toMatchObject({ ok: false, reason: 'end-missing' })
})
