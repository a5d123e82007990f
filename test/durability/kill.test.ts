import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { type Db, openDatabase } from '../../src/database/database.ts'
import { type LoggedEvent, eventsAfter } from '../../src/domain/changes/log.ts'
import { readIncident } from '../../src/domain/incidents/queries.ts'
import { readSnapshot } from '../../src/domain/status/snapshot.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { freshDatabaseUrl } from '../database.ts'
import type { Acknowledged } from './discloser.ts'

const wanted = 200

test(
  'killed at random instants, it keeps every acknowledged change with its event, and none by half',
  { timeout: 120_000 },
  async () => {
    const url = await freshDatabaseUrl()
    const acknowledged: Acknowledged[] = []
    let kills = 0
    while (acknowledged.length < wanted) {
      acknowledged.push(...(await discloseUntilKilled(url)))
      kills += 1
      const { db, file, close } = openDatabase(url)
      await expectNothingLost(db, acknowledged)
      await expectNothingByHalf(db)
      expect(file?.pragma('integrity_check', { simple: true }) ?? 'ok').toBe('ok')
      await close()
    }
    expect(kills).toBeGreaterThan(2)
  },
)

/** Runs the program, and kills it at some instant after some acknowledgements: most often in the middle of a change. */
async function discloseUntilKilled(url: string): Promise<Acknowledged[]> {
  const program = fileURLToPath(new URL('discloser.ts', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [program, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const closed = once(child, 'close')
  const acknowledged: Acknowledged[] = []
  const enough = randomInt(10, 60)
  if (!child.stdout) throw new Error('The program has no output.')
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(JSON.parse(line) as Acknowledged)
    if (acknowledged.length === enough) setTimeout(() => child.kill('SIGKILL'), randomInt(0, 12))
  }
  const [, signal] = (await closed) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
  return acknowledged
}

async function expectNothingLost(db: Db, acknowledged: readonly Acknowledged[]): Promise<void> {
  const updates = await db.selectFrom('updates').selectAll().execute()
  const byId = new Map(updates.map((update) => [update.id, update]))
  for (const { incident, update, stage, body } of acknowledged) {
    expect(byId.get(update)).toMatchObject({ incident_id: incident, stage, body })
  }
}

/** Each update has exactly its event, each event its update, and what follows from the last word has followed. */
async function expectNothingByHalf(db: Db): Promise<void> {
  const events = await everyEvent(db)
  const told = events.flatMap((event) => ('update' in event.data ? [event.data.update] : []))
  const updates = await db.selectFrom('updates').select(['id', 'incident_id', 'stage']).execute()
  expect(told.toSorted()).toEqual(updates.map((update) => update.id).toSorted())
  expect(events.map((event) => event.seq)).toEqual(events.map((event) => event.seq).toSorted((a, b) => a - b))

  let open = 0
  for (const { id } of await db.selectFrom('incidents').select('id').execute()) {
    const incident = await readIncident(db, id)
    const isOver = incident?.updates.some(({ stage }) => stage === 'resolved') ?? false
    expect(incident?.overAt === null).toBe(!isOver)
    expect(incident?.impacts.filter(({ endedAt }) => endedAt === null)).toHaveLength(isOver ? 0 : 1)
    expect(incident?.updates.length).toBe(updates.filter((update) => update.incident_id === id).length)
    if (!isOver) open += 1
  }
  expect((await readSnapshot(db, wallClock)).openIncidents).toHaveLength(open)
}

async function everyEvent(db: Db): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = []
  for (;;) {
    const more = await eventsAfter(db, events.at(-1)?.seq ?? 0, 500)
    if (more.length === 0) return events
    events.push(...more)
  }
}
