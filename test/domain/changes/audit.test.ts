import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { migrations } from '../../../migrations/index.ts'
import { migrate } from '../../../src/database/migrate.ts'
import { createToken, endFormerSecret, renewToken } from '../../../src/domain/accounts/tokens.ts'
import { changeComponent, createComponent } from '../../../src/domain/components/commands.ts'
import { differences } from '../../../src/domain/changes/difference.ts'
import { addressesOf, eventsBefore, forgetAddresses, seqBefore } from '../../../src/domain/changes/log.ts'
import { changeMetric, createMetric } from '../../../src/domain/metrics/commands.ts'
import { wallClock } from '../../../src/lib/clock.ts'
import { emptyDatabase } from '../../database.ts'
import { world } from '../../world.ts'

const last = Number.MAX_SAFE_INTEGER

test('a change is kept with what the fields that changed were and are', async () => {
  const it = await world()
  const id = await it.change({ kind: 'setup' }, (change) => createComponent(change, { name: 'Search' }))
  await it.change({ kind: 'operator', id: 'ada', name: 'Ada' }, (change) =>
    changeComponent(change, id, { name: 'Full search', description: 'Finds things.', bars: 'shown' }),
  )
  const [changed, created] = await eventsBefore(it.db, last, { limit: 2, subject: id })
  expect(changed?.changes).toEqual([
    { field: 'name', before: 'Search', after: 'Full search' },
    { field: 'description', before: null, after: 'Finds things.' },
  ])
  expect(created?.changes).toEqual([])
})

test('of a token it is kept how its ends moved, and never its secret', async () => {
  const it = await world()
  const { id } = await it.change({ kind: 'setup' }, (change) =>
    createToken(change, { name: 'CI', scope: 'read', expiresInDays: 10 }),
  )
  it.clock.advance('1d')
  await it.change({ kind: 'setup' }, (change) => renewToken(change, id, { overlapHours: 24 }))
  await it.change({ kind: 'setup' }, (change) => endFormerSecret(change, id))
  const [ended, renewed] = await eventsBefore(it.db, last, { limit: 2, subject: id })
  const formerUntil = '2026-11-23T12:00:00.000Z'
  expect(renewed?.changes).toEqual([
    { field: 'expiresAt', before: '2026-12-01T12:00:00.000Z', after: '2026-12-02T12:00:00.000Z' },
    { field: 'formerUntil', before: null, after: formerUntil },
  ])
  expect(ended?.changes).toEqual([{ field: 'formerUntil', before: formerUntil, after: null }])
})

test('of a metric it is kept what its fields were and are, and nothing where nothing changed', async () => {
  const it = await world()
  const wish = { name: 'Orders', suffix: 'a minute', decimals: 0, shown: 'no' } as const
  const id = await it.change({ kind: 'setup' }, (change) => createMetric(change, wish))
  await it.change({ kind: 'setup' }, (change) => changeMetric(change, id, wish))
  await it.change({ kind: 'setup' }, (change) =>
    changeMetric(change, id, { ...wish, suffix: null, decimals: 2, shown: 'yes' }),
  )
  const events = await eventsBefore(it.db, last, { limit: 9, subject: id })
  expect(events.map(({ type }) => type)).toEqual(['metric.changed', 'metric.created'])
  expect(events[0]?.changes).toEqual([
    { field: 'suffix', before: 'a minute', after: null },
    { field: 'decimals', before: '0', after: '2' },
    { field: 'shown', before: 'no', after: 'yes' },
  ])
})

test('of what has fields itself those are named that differ, and long texts are cut', () => {
  const before = { terms: { update: { major: 60, minor: 120 } }, translations: '{}', css: 'a'.repeat(900) }
  const after = { terms: { update: { major: 30, minor: 120 } }, translations: '{"de":{"name":"Suche"}}', css: '' }
  expect(differences(['terms', 'translations', 'css'], before, after)).toEqual([
    { field: 'terms.update.major', before: '60', after: '30' },
    { field: 'translations.de', before: null, after: '{"name":"Suche"}' },
    { field: 'css', before: `${'a'.repeat(400)}…`, after: null },
  ])
})

test('from where something was done stands apart, for ninety days if nothing else is said', async () => {
  const it = await world()
  const ada = { kind: 'operator', id: 'ada', name: 'Ada', from: '203.0.113.9' } as const
  await it.change(ada, (change) => createComponent(change, { name: 'Search' }))
  const [event] = await eventsBefore(it.db, last, { limit: 1, actor: 'ada' })
  expect(event?.actor).toEqual({ kind: 'operator', id: 'ada', name: 'Ada' })
  const seqs = [event?.seq ?? 0]
  expect([...(await addressesOf(it.db, seqs))]).toEqual([[event?.seq, '203.0.113.9']])
  it.clock.advance('89d')
  await forgetAddresses(it.db, it.clock, it.config.addressDays)
  expect((await addressesOf(it.db, seqs)).size).toBe(1)
  it.clock.advance('2d')
  await forgetAddresses(it.db, it.clock, it.config.addressDays)
  expect((await addressesOf(it.db, seqs)).size).toBe(0)
  expect(await eventsBefore(it.db, last, { limit: 1, actor: 'ada' })).toEqual([event])
})

test('from where something was done is kept for as many days as were chosen, or never written down', async () => {
  const ada = { kind: 'operator', id: 'ada', name: 'Ada', from: '203.0.113.9' } as const
  const kept = async (days: string, after: string): Promise<number> => {
    const it = await world({ CANDOR_ADDRESS_DAYS: days })
    await it.change(ada, (change) => createComponent(change, { name: 'Search' }))
    const [event] = await eventsBefore(it.db, last, { limit: 1, actor: 'ada' })
    it.clock.advance(after)
    await forgetAddresses(it.db, it.clock, it.config.addressDays)
    return (await addressesOf(it.db, [event?.seq ?? 0])).size
  }
  expect([await kept('7', '6d'), await kept('7', '8d'), await kept('0', '0s')]).toEqual([1, 0, 0])
})

test('the database itself refuses to change or remove what happened', async () => {
  const { db, change } = await world()
  await change({ kind: 'setup' }, (it) => createComponent(it, { name: 'Search' }))
  const before = await sql`select * from events order by seq`.execute(db)
  await expect(sql`update events set data = '{}'`.execute(db)).rejects.toThrow('only ever added to')
  await expect(sql`delete from events where seq = 1`.execute(db)).rejects.toThrow('only ever added to')
  expect((await sql`select * from events order by seq`.execute(db)).rows).toEqual(before.rows)
})

test('events are found by who, by what and by when, each along an index', async () => {
  const it = await world()
  await it.change({ kind: 'command', name: 'test' }, (change) => createComponent(change, { name: 'One' }))
  it.clock.advance('1d')
  await it.change({ kind: 'operator', id: 'ada', name: 'Ada' }, (change) => createComponent(change, { name: 'Two' }))
  const names = async (by: Parameters<typeof eventsBefore>[2], from = last): Promise<string[]> =>
    (await eventsBefore(it.db, from, by)).map(({ data }) => ('name' in data ? data.name : ''))
  expect(await names({ limit: 9, actor: 'ada' })).toEqual(['Two'])
  expect(await names({ limit: 9, noun: 'component' })).toEqual(['Two', 'One'])
  expect(await names({ limit: 9, noun: 'component' }, await seqBefore(it.db, it.clock.now()))).toEqual(['One'])
  expect(await names({ limit: 9, noun: 'incident' })).toEqual([])
})

test('what happened before there were columns for it is found by them too', async () => {
  const { db } = await emptyDatabase()
  await migrate(db, wallClock, migrations.slice(0, 3))
  const old = (actor: object, type: string) =>
    sql`insert into events (at, actor, type, subject, data)
        values ('2026-11-01T00:00:00.000Z', ${JSON.stringify(actor)}, ${type}, 'x', '{"name":"Old"}')`.execute(db)
  await old({ kind: 'operator', id: 'ada', name: 'Ada' }, 'incident.opened')
  await old({ kind: 'clock' }, 'maintenance.began')
  await migrate(db, wallClock)
  expect(await eventsBefore(db, last, { limit: 9, actor: 'ada' })).toHaveLength(1)
  expect(await eventsBefore(db, last, { limit: 9, actor: 'clock' })).toHaveLength(1)
  expect(await eventsBefore(db, last, { limit: 9, noun: 'maintenance' })).toMatchObject([{ seq: 2, changes: [] }])
})
