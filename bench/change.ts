/**
 * How soon a change can be read, and what readers notice meanwhile: from the commit to the first byte of the new page,
 * on a site of 30 components and on one of 1 528 instances, in one run; and what a steady reader waits while changes are
 * made, beside what it waits while none are, and beside what a bare server makes it wait on the same machine. With several processes others answer than the one
 * that changes.
 *
 *     node bench/change.ts [changes, 150] [workers, 1]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { createDeps } from '../src/deps.ts'
import { createComponent } from '../src/domain/components/commands.ts'
import { createGroup } from '../src/domain/components/groups.ts'
import { openIncident, postUpdate } from '../src/domain/incidents/commands.ts'
import { startFollowers } from '../src/followers.ts'
import { wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'
import { createListener } from '../src/web/shared/listener.ts'
import { compared, quantile, readWhile } from './steady-reader.ts'

const [changes = 150, workers = 1] = process.argv.slice(2).map(Number)
const actor = { kind: 'command', name: 'bench' } as const
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

const folder = mkdtempSync(join(tmpdir(), 'candor-change-'))
try {
  const how = workers > 1 ? `${workers} processes answer` : 'one process'
  console.log(`${changes} changes each; ${how}; milliseconds; Node ${process.version}`)
  for (const { name, groups, each } of [
    { name: '30 components', groups: 5, each: 6 },
    { name: '1 528 instances, 3 of 4 with two services', groups: 1528, each: 2 },
  ]) {
    await measure(name, groups, each, join(folder, `${groups}.db`))
  }
} finally {
  rmSync(folder, { recursive: true })
}
agent.destroy()

async function measure(name: string, groups: number, each: number, url: string): Promise<void> {
  const database = openDatabase(url)
  await migrate(database.db, wallClock)
  const deps = await createDeps({
    config: readConfig({}),
    database,
    clock: wallClock,
    ids: randomIds,
    log: pino({ level: 'silent' }),
    key: 'bench',
  })
  const [first = ''] = await deps.change(actor, async (change) => {
    const ids: string[] = []
    for (let index = 0; index < groups; index += 1) {
      const isInstance = groups > 100
      const groupId = await createGroup(change, {
        name: `Region ${index}`,
        ...(isInstance ? { instanceKey: `EU${index}`, location: 'EMEA', environment: 'production' } : {}),
      })
      for (let at = 0; at < each; at += 1) {
        ids.push(await createComponent(change, { name: `Service ${index} ${at}`, groupId }))
      }
    }
    return ids
  })
  const listener = createListener({ find: (path) => publication.find(path), frontDoor: true, trustProxy: [] })
  const { app, publication } = await buildApp(deps, { listener })
  await app.ready()
  // As a start does it.
  await publication.refresh()
  await publication.settled()
  await publication.rehearse()
  listener.open()
  await listener.listen({ host: '127.0.0.1', port: 0 })
  const page = `http://127.0.0.1:${(listener.server.address() as AddressInfo).port}/`
  const { log } = deps
  const followers = workers > 1 ? startFollowers({ count: workers, listener, publication, trustProxy: [], log }) : null
  if (followers) await theyAnswer(page, listener)
  let shown: () => void = () => undefined
  publication.follow(({ changed }) => changed.has('/') && shown())

  const calm = await readWhile(page, () => pause(changes * 60))
  const visible: number[] = []
  const busy = await readWhile(page, async () => {
    let open: string | null = null
    for (let turn = 0; turn < changes; turn += 1) {
      const word = `Word ${turn} of the bench.`
      const components = [{ id: first, status: 'degraded_performance' }]
      const published = new Promise<void>((resolve) => (shown = resolve))
      const id: string | null = open
      open = await deps.change(actor, async (change): Promise<string | null> => {
        if (id === null) return openIncident(change, { name: 'Slow', body: word, stage: 'investigating', components })
        await postUpdate(change, id, { body: word, stage: turn % 10 === 9 ? 'resolved' : 'identified' })
        return turn % 10 === 9 ? null : id
      })
      const committed = performance.now()
      await published
      const { etag } = publication.find('/')?.encodings.br ?? {}
      while ((await firstByte(page)) !== etag);
      visible.push(performance.now() - committed)
      await pause(40)
    }
  })
  console.log(`${name}: from the commit to the first byte of the new page: ${spread(visible)}`)
  console.log(`  while it changes: ${compared(calm, busy)}`)
  const atOnce = { keepListening: 0, idle: 0, underWay: 1000 }
  await listener.leave(atOnce, followers?.leave(atOnce))
  await app.close()
  await database.close()
}

/** Until then this process answers by itself. */
async function theyAnswer(page: string, { counts }: ReturnType<typeof createListener>): Promise<void> {
  const fresh = new Agent()
  for (let others = 0, before = -1; others < 20; others = before === counts.answered ? others + 1 : 0) {
    before = counts.answered
    await firstByte(page, fresh)
  }
}

/** Which page it is of. */
function firstByte(url: string, by = agent): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent: by, headers: { 'accept-encoding': 'br' } }, (response) => {
      response.once('error', reject).once('data', () => resolve(response.headers.etag))
    }).once('error', reject)
  })
}

function spread(values: readonly number[]): string {
  return `p50 ${quantile(values, 0.5).toFixed(1)}, p99 ${quantile(values, 0.99).toFixed(1)}`
}
