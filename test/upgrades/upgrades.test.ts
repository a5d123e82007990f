import { pino } from 'pino'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Migration, OpenDatabase } from '../../src/database/database.ts'
import { codeVersion, databaseVersion, migrate } from '../../src/database/migrate.ts'
import { createDeps } from '../../src/deps.ts'
import { openIncident } from '../../src/domain/incidents/commands.ts'
import { examineLedger } from '../../src/domain/ledger/examine.ts'
import { noteShownNotices } from '../../src/domain/ledger/shown-notices.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { stoppedClock } from '../clock.ts'
import { emptyDatabase } from '../database.ts'
import { failingAt } from './failing-at.ts'
import { countOf, dumpOf, recorded } from './loaded.ts'
import { type Release, plain, releases } from './recorded.ts'

const isFile = process.env['TEST_DATABASE_URL'] === undefined
/** A little after all of them were recorded. */
const now = '2026-11-22T14:00:00.000Z'

describe.each(releases().map((release) => [release.version, release] as const))(
  'a database of version %i',
  (version, release) => {
    test.runIf(isFile)('has the schema that today’s migrations make: none was edited since', async () => {
      const database = await emptyDatabase()
      await migrate(database.db, wallClock, migrations.slice(0, version))
      expect(schemaOf(database)).toEqual(release.schema)
    })

    test('is brought up to date with all that is in it, and is written to again', async () => {
      const database = await recorded(release)
      const ran = await migrate(database.db, wallClock)
      expect(ran).toHaveLength(codeVersion - version)
      for (const table of [
        'incidents',
        'updates',
        'impacts',
        'components',
        'maintenances',
        'accounts',
        'tokens',
        'ledger',
      ]) {
        const before = release.rows.get(table)
        if (before) expect([table, await countOf(database.db, table)]).toEqual([table, before.length])
      }
      const deps = await createDeps({
        config: readConfig({ CANDOR_URL: 'http://status.example' }),
        database,
        clock: stoppedClock(now),
        ids: randomIds,
        log: pino({ level: 'silent' }),
        key: 'demo',
      })
      const { app } = await buildApp(deps)
      onTestFinished(() => app.close())
      await app.ready()
      const read = async (path: string): Promise<string> => (await supertest(app.server).get(path).expect(200)).text
      expect(await read('/')).toContain('Northwind')
      const names = (release.rows.get('incidents') ?? []).filter(({ told_at: told }) => told !== null)
      const atom = await read('/history.atom')
      expect(names.filter(({ id }) => atom.includes(String(id))).length).toBeGreaterThan(10)
      const id = await deps.change({ kind: 'command', name: 'test' }, (it) =>
        openIncident(it, { name: 'After the upgrade', body: 'We look.', stage: 'investigating' }),
      )
      expect(await read(`/incidents/${id}`)).toContain('After the upgrade')
      await noteShownNotices(deps)
      const [ledger] = await examineLedger(deps.db, deps.ledgerKeys, deps.clock.now())
      expect(ledger?.remedy, ledger?.found).toBeNull()
    })

    test('is as it was wherever its upgrade fails, and is upgraded the next time', { timeout: 120_000 }, async () => {
      const next = migrations[version]
      if (!next) return
      const before = await dumpOf((await recorded(release)).db)
      const steps = await stepsOf(release, next)
      expect(steps).toBeGreaterThan(1)
      // Every one of them on the one database; on the other, where each takes its time, some.
      const every = isFile ? 1 : Math.ceil(steps / 6)
      const database = await recorded(release)
      for (let step = 1; step <= steps; step += every) {
        await expect(
          migrate(database.db, wallClock, [...migrations.slice(0, version), failingAt(next, step).migration]),
        ).rejects.toThrow('no further')
        expect(await databaseVersion(database.db)).toBe(version)
      }
      expect(await dumpOf(database.db)).toEqual(before)
      expect(await migrate(database.db, wallClock)).toHaveLength(codeVersion - version)
    })
  },
)

async function stepsOf(release: Release, next: Migration): Promise<number> {
  const { db } = await recorded(release)
  const { migration, count } = failingAt(next, Infinity)
  await migrate(db, wallClock, [...migrations.slice(0, release.version), migration])
  return count()
}

function schemaOf({ file }: OpenDatabase): string[] {
  const rows = file
    ?.prepare<[], { sql: string }>(`select sql from sqlite_schema where sql is not null and name not like 'sqlite_%'`)
    .all()
  return (rows ?? []).map((row) => plain(row.sql)).toSorted()
}
