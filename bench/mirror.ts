/**
 * What a mirror costs on the demo site: all of it, and what one change writes, in one run. The file system is that of the
 * system's folder for temporary files.
 *
 *     node bench/mirror.ts [changes, 5]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { buildDemo } from '../demo/build.ts'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database/database.ts'
import { createDeps } from '../src/deps.ts'
import { postUpdate } from '../src/domain/incidents/commands.ts'
import { wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'
import { folderPlace } from '../src/outbound/mirroring/folder.ts'
import { startMirror } from '../src/outbound/mirroring/mirror.ts'

const [changes = 5] = process.argv.slice(2).map(Number)

interface Began {
  readonly at: number
  readonly used: NodeJS.CpuUsage
}

const begin = (): Began => ({ at: performance.now(), used: process.cpuUsage() })

const folder = mkdtempSync(join(tmpdir(), 'candor-mirror-'))
try {
  const url = join(folder, 'demo.db')
  await buildDemo({ url, services: null })
  const database = openDatabase(url)
  const log = pino({ level: 'error' })
  const deps = await createDeps({
    config: readConfig({}),
    database,
    clock: wallClock,
    ids: randomIds,
    log,
    key: 'bench',
  })
  const { app, publication } = await buildApp(deps)
  await app.ready()
  await publication.refresh()
  await publication.settled()

  const place = folderPlace(join(folder, 'mirror'))
  let files = 0
  let bytes = 0
  const counted = {
    ...place,
    async write(file: string, item: Parameters<typeof place.write>[1]) {
      files += 1
      bytes += item.body.length
      await place.write(file, item)
    },
  }
  const told = (what: string, began: Began): void => {
    const seconds = ((performance.now() - began.at) / 1000).toFixed(2)
    const { user, system } = process.cpuUsage(began.used)
    const busy = ((user + system) / 1e6).toFixed(2)
    console.log(
      `${what}: ${files} files, ${(bytes / 1024 / 1024).toFixed(1)} MB, ${seconds} s, ${busy} s of processor time`,
    )
    files = 0
    bytes = 0
  }
  let began = begin()
  const mirror = startMirror({ publication, place: counted, log })
  await mirror.settled()
  told('the whole mirror', began)
  const [open] = (await deps.readSnapshot()).openIncidents
  for (let turn = 0; turn < changes; turn += 1) {
    await deps.change({ kind: 'command', name: 'bench' }, (change) =>
      postUpdate(change, open?.id ?? '', { body: `Word ${turn} of the bench.`, stage: 'identified' }),
    )
    began = begin()
    await publication.catchUp()
    await mirror.settled()
    told('one word on the open incident', began)
    await publication.settled()
    await mirror.settled()
    told('  the same, compressed well', began)
  }
  await mirror.stop()
  await app.close()
  await database.close()
} finally {
  rmSync(folder, { recursive: true })
}
