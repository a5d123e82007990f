import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openMigrated } from '../../src/database/migrate.ts'
import { createDeps } from '../../src/deps.ts'
import { createComponent } from '../../src/domain/components/commands.ts'
import { createProbe } from '../../src/domain/probes/commands.ts'
import type { NewProbe } from '../../src/domain/probes/input.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { secretFile } from '../../src/lib/secret-file.ts'
import { canaries } from '../domain/probes/canaries.ts'
import { candor } from './run.ts'
import { ownFolder } from '../own-folder.ts'

test('no secret of a probe is in the data folder, in a backup, or in what the doctor says of them', async () => {
  const data = ownFolder()
  const { database } = await openMigrated(join(data, 'candor.db'), wallClock)
  const { change } = await createDeps({
    config: readConfig({ CANDOR_DATA_DIR: data }),
    database,
    clock: wallClock,
    ids: randomIds,
    log: pino({ level: 'silent' }),
    key: secretFile(data, 'key', randomIds),
  })
  const all = canaries('https://shop.test/')
  await change({ kind: 'command', name: 'test' }, async (it) => {
    const componentId = await createComponent(it, { name: 'Shop' })
    for (const { kind, input } of all) await createProbe(it, { ...input, kind, componentId } as NewProbe)
  })
  const env = { CANDOR_DATA_DIR: data }
  const { said, told } = await candor(['doctor'], env)
  expect(said).toContain('ledger')
  await candor(['backup', '--copy', join(data, 'copy.db')], env)
  await database.close()
  // The bytes of the files, also of rows that were overwritten.
  const files = readdirSync(data).map((name) => readFileSync(join(data, name), 'latin1'))
  expect(files.length).toBeGreaterThan(2)
  const bytes = [said, told, ...files].join('\n')
  for (const { canary } of all) expect(bytes).not.toContain(canary)
})
