import { setTimeout as time } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { latestChecks } from '../../src/domain/probes/checks/checks.ts'
import { readVerdict } from '../../src/domain/probes/verdicts/verdicts.ts'
import { openDatabase } from '../../src/database/database.ts'
import { later, wallClock } from '../../src/lib/clock.ts'
import { service, until, watches } from '../outbound/probing/live.ts'
import { freshDatabaseUrl } from '../database.ts'
import { startCandor } from './child.ts'
import { ownChanges } from '../own-changes.ts'
import { ownFolder } from '../own-folder.ts'

const program = fileURLToPath(new URL('../../bin/candor.js', import.meta.url))
/** Far more than the 0.8 s that a check has: for the process it makes no difference whether it is a minute. */
const stoppedMs = 6000

test('a process that is stopped in the middle of a check holds nothing against the target, and goes on by itself', async () => {
  const url = await freshDatabaseUrl()
  const folder = ownFolder()
  const candor = await startCandor([process.execPath, program, 'serve'], {
    CANDOR_DATABASE_URL: url,
    CANDOR_DATA_DIR: folder,
    CANDOR_EGRESS_ALLOW: '127.0.0.1',
  })
  const database = openDatabase(url)
  onTestFinished(() => database.close())
  const { db } = database
  const change = ownChanges(db)
  const target = await service()
  // One failure would do.
  const judged = { failuresNeeded: 1, successesNeeded: 1, policy: 'publish' } as const
  const { probeId: probe } = await watches({ db, change }, 'Search', { url: target.url, ...judged })

  target.answers(() => undefined)
  const before = target.asked
  await until('a check is under way', () => Promise.resolve(target.asked > before))
  candor.child.kill('SIGSTOP')
  await time(stoppedMs)
  target.lives()
  const woken = wallClock.now()
  candor.child.kill('SIGCONT')
  const checks = () => latestChecks(db, probe, later(woken, -60), 20)
  await until('it checks again', async () =>
    (await checks()).some(({ at, outcome }) => at > woken && outcome === 'pass'),
  )
  expect((await checks()).map(({ outcome }) => outcome)).not.toContain('fail')
  expect((await readVerdict(db, probe))?.state).toBe('up')
  // One failure would have been a verdict, whatever checks of the same second are kept.
  const verdicts = await db.selectFrom('events').select('data').where('type', '=', 'probe.verdict').execute()
  expect(verdicts.map(({ data }) => (JSON.parse(data) as { to: string }).to)).not.toContain('down')
  const incidents = await db.selectFrom('events').select('type').where('type', 'like', 'incident.%').execute()
  expect(incidents).toEqual([])
})
