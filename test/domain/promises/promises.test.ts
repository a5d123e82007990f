import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { pino } from 'pino'
import { readConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/database/database.ts'
import { type Deps, createDeps } from '../../../src/deps.ts'
import { changeIncident, openIncident, reopenIncident } from '../../../src/domain/incidents/commands.ts'
import { publishDraft } from '../../../src/domain/incidents/drafts.ts'
import { keepPromises } from '../../../src/domain/promises/commands.ts'
import type { MadePromise } from '../../../src/domain/promises/promise.ts'
import { watchPromises } from '../../../src/domain/promises/watch.ts'
import { randomIds } from '../../../src/lib/ids.ts'
import { stoppedClock } from '../../clock.ts'
import { freshDatabaseUrl, isSQLite } from '../../database.ts'
import { type Desk, ada, desk } from '../desk.ts'

async function promises({ incident }: Desk, id: string): Promise<readonly MadePromise[]> {
  return (await incident(id)).promises
}

async function updatesPromised(here: Desk, id: string): Promise<readonly MadePromise[]> {
  return (await promises(here, id)).filter(({ kind }) => kind === 'update')
}

/** What happened to promises, in short. */
async function told({ events }: Desk): Promise<string[]> {
  return (await events()).flatMap((event) =>
    'promise' in event.data ? [`${event.type} ${event.data.kind} ${event.data.due.slice(11, 16)}`] : [],
  )
}

describe('the next update', () => {
  test('the first word promises the next one, by the severity', async () => {
    const here = await desk()
    const id = await here.opens()
    expect(await promises(here, id)).toMatchObject([
      { kind: 'update', madeAt: '2026-11-21T12:00:00.000Z', dueAt: '2026-11-21T12:30:00.000Z', outcome: null },
    ])
  })

  test('a draft promises when it is published, not before', async () => {
    const here = await desk()
    const id = await here.drafts()
    expect(await promises(here, id)).toEqual([])
    here.clock.advance('2m')
    await here.engine((it) => publishDraft(it, id))
    expect(await promises(here, id)).toMatchObject([{ dueAt: '2026-11-21T12:22:00.000Z' }])
  })

  test('declined with a reason, nothing is promised', async () => {
    const here = await desk()
    const id = await here.opens({ noPromiseReason: 'The supplier works at night.' })
    expect(await promises(here, id)).toEqual([])
  })

  test('an update at the very instant keeps it', async () => {
    const here = await desk()
    const id = await here.opens({ nextUpdateBy: '2026-11-21T12:30:00Z' })
    here.clock.set('2026-11-21T12:30:00.000Z')
    await watchPromises(here)
    const by = await here.posts(id, { nextUpdateBy: '2026-11-21T13:00:00Z' })
    expect(await promises(here, id)).toMatchObject([
      { outcome: 'kept', decidedAt: '2026-11-21T12:30:00.000Z', decidedBy: by, cameAt: '2026-11-21T12:30:00.000Z' },
      { outcome: null, madeBy: by },
    ])
    expect((await told(here)).at(-1)).toBe('promise.kept update 12:30')
  })

  test('a late one was missed when it was due, and says when it came', async () => {
    const here = await desk()
    const id = await here.opens({ nextUpdateBy: '2026-11-21T12:30:00Z' })
    here.clock.set('2026-11-21T12:41:00.000Z')
    const by = await here.posts(id, {})
    expect((await promises(here, id))[0]).toMatchObject({
      outcome: 'missed',
      decidedAt: '2026-11-21T12:30:00.000Z',
      decidedBy: by,
      cameAt: '2026-11-21T12:41:00.000Z',
    })
  })

  test('the word that it is over keeps what was promised, and promises no further update', async () => {
    const here = await desk()
    const id = await here.opens()
    here.clock.advance('10m')
    await here.posts(id, { stage: 'resolved' })
    expect(await updatesPromised(here, id)).toMatchObject([{ outcome: 'kept' }])
    here.clock.advance('1h')
    await here.posts(id, { stage: 'update', body: 'No data was lost.' })
    expect(await updatesPromised(here, id)).toHaveLength(1)
  })
})

describe('the watch', () => {
  test('operators are reminded once, five minutes before, and told once of the miss', async () => {
    const here = await desk()
    const id = await here.opens({ nextUpdateBy: '2026-11-21T12:30:00Z' })
    for (const at of ['12:24:59', '12:25:00', '12:25:01', '12:29:59', '12:30:00', '12:30:01', '12:30:02', '12:50:00']) {
      here.clock.set(`2026-11-21T${at}.000Z`)
      await watchPromises(here)
      await watchPromises(here)
    }
    expect(await told(here)).toEqual(['promise.due-soon update 12:30', 'promise.missed update 12:30'])
    expect(await promises(here, id)).toMatchObject([
      { outcome: 'missed', decidedAt: '2026-11-21T12:30:00.000Z', decidedBy: null, cameAt: null },
    ])
    const by = await here.posts(id, {})
    expect((await promises(here, id))[0]).toMatchObject({
      outcome: 'missed',
      decidedAt: '2026-11-21T12:30:00.000Z',
      decidedBy: by,
      cameAt: '2026-11-21T12:50:00.000Z',
    })
    expect(await told(here)).toHaveLength(2)
  })

  test('who promises something for so soon is not reminded of it', async () => {
    const here = await desk()
    await here.opens({ nextUpdateBy: '2026-11-21T12:04:00Z' })
    here.clock.advance('1m')
    await watchPromises(here)
    expect(await told(here)).toEqual([])
  })

  test('what was missed while nothing ran is missed at the instant at which it was due', async () => {
    const here = await desk()
    const id = await here.opens({ nextUpdateBy: '2026-11-21T12:30:00Z' })
    here.clock.advance('2d')
    await watchPromises(here)
    expect(await told(here)).toEqual(['promise.missed update 12:30'])
    expect((await promises(here, id))[0]).toMatchObject({ decidedAt: '2026-11-21T12:30:00.000Z' })
  })

  test('two processes at once write it down once', async () => {
    const url = await freshDatabaseUrl()
    const clock = stoppedClock('2026-11-21T12:00:00.000Z')
    const processOn = async (): Promise<Deps> => {
      const database = openDatabase(url)
      onTestFinished(() => database.close())
      const config = readConfig({ CANDOR_URL: 'http://status.example' })
      return createDeps({ config, database, clock, ids: randomIds, log: pino({ level: 'silent' }), key: 'a key' })
    }
    const [one, two] = [await processOn(), await processOn()]
    await one.change(ada, (it) =>
      openIncident(it, { name: 'Slow', stage: 'investigating', body: 'We look.', components: [] }),
    )
    for (const by of ['56m', '5m']) {
      clock.advance(by)
      await Promise.all([watchPromises(one), watchPromises(two), watchPromises(one), watchPromises(two)])
    }
    const events = await one.db.selectFrom('events').select('type').where('type', 'like', 'promise.%').execute()
    expect(events.map(({ type }) => type).toSorted()).toEqual(['promise.due-soon', 'promise.missed'])
  })
})

describe('reviews', () => {
  const kinds = async (here: Desk, id: string) =>
    (await promises(here, id))
      .filter(({ kind }) => kind !== 'update')
      .map(({ kind, dueAt, outcome }) => `${kind} ${dueAt.slice(0, 10)} ${outcome ?? 'open'}`)

  test('a major incident owes them from the word that it is over, a minor one none', async () => {
    const here = await desk()
    const id = await here.opens()
    const minor = await here.opens({
      name: 'Slow',
      components: [{ id: here.payments, status: 'degraded_performance' }],
    })
    expect(await kinds(here, id)).toEqual([])
    await here.posts(id, { stage: 'resolved' })
    await here.posts(minor, { stage: 'resolved' })
    expect(await kinds(here, id)).toEqual(['review 2026-11-24 open', 'final-review 2026-12-05 open'])
    expect(await here.incident(id)).toMatchObject({ reviewDueAt: '2026-11-24T12:00:00.000Z' })
    expect(await kinds(here, minor)).toEqual([])
  })

  test('an incident that is open again owes none, and then all anew', async () => {
    const here = await desk()
    const id = await here.opens()
    await here.posts(id, { stage: 'resolved' })
    here.clock.advance('1d')
    await here.does((it) => reopenIncident(it, id, { stage: 'identified', body: 'It is back.' }))
    expect(await kinds(here, id)).toEqual(['review 2026-11-24 let-go', 'final-review 2026-12-05 let-go'])
    expect(await here.incident(id)).toMatchObject({ reviewDueAt: null })
    await here.posts(id, { stage: 'resolved' })
    expect(await kinds(here, id)).toEqual([
      'review 2026-11-24 let-go',
      'review 2026-11-25 open',
      'final-review 2026-12-05 let-go',
      'final-review 2026-12-06 open',
    ])
  })

  test('a severity that is corrected afterwards makes or releases them', async () => {
    const here = await desk()
    const id = await here.opens()
    await here.posts(id, { stage: 'resolved' })
    const becomes = (severityOverride: string) =>
      here.does((it) => changeIncident(it, id, { severityOverride, reason: 'It was otherwise.' }))
    await becomes('minor')
    expect(await kinds(here, id)).toEqual(['review 2026-11-24 let-go', 'final-review 2026-12-05 let-go'])
    here.clock.advance('1d')
    await becomes('critical')
    expect((await kinds(here, id)).filter((one) => one.endsWith('open'))).toEqual([
      'review 2026-11-25 open',
      'final-review 2026-12-06 open',
    ])
  })

  test('a review that comes in time is kept, and the next one is due', async () => {
    const here = await desk()
    const id = await here.opens()
    await here.posts(id, { stage: 'resolved' })
    here.clock.advance('2d')
    await here.does((it) => keepPromises(it, { incident: id, kind: 'review', by: 'review1' }))
    expect(await kinds(here, id)).toEqual(['review 2026-11-24 kept', 'final-review 2026-12-05 open'])
    expect(await here.incident(id)).toMatchObject({ reviewDueAt: '2026-12-05T12:00:00.000Z' })
    here.clock.advance('13d')
    await watchPromises(here)
    expect((await told(here)).slice(1)).toEqual(['promise.kept review 12:00', 'promise.missed final-review 12:00'])
  })
})

test('whatever happens in whatever order, no outcome changes once it is decided', async () => {
  const step = fc.oneof(
    fc.record({ does: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ does: fc.constant('watch' as const) }),
    fc.record({ does: fc.constant('say' as const), minutes: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ does: fc.constantFrom('resolve', 'reopen', 'review', 'decline') }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const here = await desk()
      const id = await here.opens()
      let before: readonly MadePromise[] = []
      for (const one of steps) {
        const isOver = (await here.incident(id)).overAt !== null
        if (one.does === 'wait' && 'minutes' in one) here.clock.advance(`${one.minutes}m`)
        if (one.does === 'watch') await watchPromises(here)
        if (one.does === 'say' && !isOver) {
          const at = Date.parse(here.clock.now()) + one.minutes * 60_000
          await here.posts(id, { nextUpdateBy: new Date(at).toISOString() })
        }
        if (one.does === 'decline' && !isOver) await here.posts(id, { noPromiseReason: 'Nobody knows.' })
        if (one.does === 'resolve' && !isOver) await here.posts(id, { stage: 'resolved' })
        if (one.does === 'reopen' && isOver)
          await here.does((it) => reopenIncident(it, id, { stage: 'identified', body: 'It is back.' }))
        if (one.does === 'review')
          await here.does((it) => keepPromises(it, { incident: id, kind: 'review', by: 'review' }))
        const after = await promises(here, id)
        for (const { id: promise, ...was } of before.filter(({ outcome }) => outcome !== null)) {
          const now = after.find((other) => other.id === promise)
          expect(now).toMatchObject({ outcome: was.outcome, decidedAt: was.decidedAt, dueAt: was.dueAt })
          if (was.cameAt !== null) expect(now).toMatchObject({ cameAt: was.cameAt, decidedBy: was.decidedBy })
        }
        for (const { outcome, dueAt, cameAt, decidedAt } of after) {
          if (outcome === 'kept') expect(cameAt !== null && cameAt <= dueAt && decidedAt === cameAt).toBe(true)
          if (outcome === 'missed') expect(decidedAt === dueAt && (cameAt === null || cameAt > dueAt)).toBe(true)
        }
        expect(after.filter(({ kind, outcome }) => kind === 'update' && outcome === null).length).toBeLessThan(2)
        before = after
      }
      const decided = (await here.events()).flatMap((event) =>
        event.type === 'promise.kept' || event.type === 'promise.missed' || event.type === 'promise.let-go'
          ? [event.data.promise]
          : [],
      )
      // Each is told once.
      expect(new Set(decided).size).toBe(decided.length)
      expect(decided.toSorted()).toEqual(before.flatMap((one) => (one.outcome === null ? [] : [one.id])).toSorted())
    }),
    { numRuns: isSQLite ? 40 : 10 },
  )
})
