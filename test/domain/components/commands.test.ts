import { describe, expect, test } from 'vitest'
import {
  changeComponent,
  createComponent,
  removeComponent,
  setComponentStatus,
} from '../../../src/domain/components/commands.ts'
import { changeGroup, createGroup, removeGroup } from '../../../src/domain/components/groups.ts'
import { orderComponents } from '../../../src/domain/components/order.ts'
import {
  componentBySlug,
  impactsOfComponent,
  listComponents,
  listGroups,
} from '../../../src/domain/components/queries.ts'
import { slugOf } from '../../../src/domain/components/slugs.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import { listProbes } from '../../../src/domain/probes/queries.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { desk } from '../desk.ts'

describe('addresses', () => {
  test.each([
    ['Card payments', 'card-payments'],
    ['GitHub API v2.0', 'github-api-v2-0'],
    ['Größe & Café', 'grosse-cafe'],
    ['Don’t panic', 'dont-panic'],
    ['پرداخت با کارت', 'prdkht-b-krt'],
    ['支付', 'zhi-fu'],
    ['資料庫 API', 'zi-liao-ku-api'],
    ['Зоны DNS', 'zony-dns'],
    ['🚀', 'rocket'],
    ['؟', 'component'],
    ['…', 'component'],
    ['a'.repeat(120), 'a'.repeat(50)],
    ['The quick brown fox jumps over the lazy dog and runs away', 'the-quick-brown-fox-jumps-over-the-lazy-dog-and'],
  ])('%s becomes %s', async (name, slug) => expect(await slugOf(name)).toBe(slug))

  test('an address is taken for ever, also by what was removed', async () => {
    const { does, db, search } = await desk()
    await does((it) => removeComponent(it, search))
    const second = await does((it) => createComponent(it, { name: 'Search' }))
    const third = await does((it) => createComponent(it, { name: 'search!' }))
    expect(await componentBySlug(db, 'search')).toBeNull()
    expect(await componentBySlug(db, 'search-2')).toMatchObject({ id: second })
    expect(await componentBySlug(db, 'search-3')).toMatchObject({ id: third })
  })

  test('a new name leaves the address as it was', async () => {
    const { does, db, search } = await desk()
    await does((it) => changeComponent(it, search, { name: 'Find things' }))
    expect(await componentBySlug(db, 'search')).toMatchObject({ name: 'Find things' })
  })
})

describe('arranging', () => {
  test('a new component stands last, in its group or at the top', async () => {
    const { does, db, search, payments } = await desk()
    const europe = await does((it) => createGroup(it, { name: 'Europe' }))
    const first = await does((it) => createComponent(it, { name: 'API', groupId: europe }))
    const second = await does((it) => createComponent(it, { name: 'Web', groupId: europe }))
    const last = await does((it) => createComponent(it, { name: 'Mail' }))
    const places = new Map((await listComponents(db)).map(({ id, position }) => [id, position]))
    expect(places).toEqual(
      new Map([
        [search, 1],
        [first, 1],
        [payments, 2],
        [second, 2],
        [last, 4],
      ]),
    )
    expect(await listGroups(db)).toMatchObject([{ id: europe, position: 3 }])
  })

  test('one command arranges the whole page', async () => {
    const { does, db, search, payments, events } = await desk()
    const europe = await does((it) => createGroup(it, { name: 'Europe' }))
    await does((it) => orderComponents(it, { entries: [{ id: europe, components: [payments] }, { id: search }] }))
    expect(await listGroups(db)).toMatchObject([{ position: 1 }])
    expect(await listComponents(db)).toMatchObject([
      { id: payments, groupId: europe, position: 1 },
      { id: search, groupId: null, position: 2 },
    ])
    expect((await events()).at(-1)).toMatchObject({ type: 'components.ordered', data: { count: 2 } })
  })

  test('an order made on an old page changes nothing', async () => {
    const { does, everything, search } = await desk()
    const before = await everything()
    await expect(does((it) => orderComponents(it, { entries: [{ id: search }] }))).rejects.toThrow('in the meantime')
    expect(await everything()).toBe(before)
  })

  test('a group that goes leaves its components behind, last', async () => {
    const { does, db, search } = await desk()
    const europe = await does((it) => createGroup(it, { name: 'Europe' }))
    const api = await does((it) => createComponent(it, { name: 'API', groupId: europe }))
    await does((it) => removeGroup(it, europe))
    expect(await listGroups(db)).toEqual([])
    expect((await listComponents(db)).at(-1)).toMatchObject({ id: api, groupId: null })
    expect((await listComponents(db))[0]).toMatchObject({ id: search })
  })

  test('a group is an instance by its key, which no other has', async () => {
    const { does, db } = await desk()
    const instance = {
      location: 'Frankfurt',
      environment: 'production',
      aliases: ['acme.example', 'acme.example', 'globex.example'],
      tags: [{ type: 'stack', value: 'S5' }],
    }
    const id = await does((it) => createGroup(it, { name: 'Europe 42', instanceKey: 'EU42', ...instance }))
    expect(await listGroups(db)).toMatchObject([
      { ...instance, instanceKey: 'EU42', aliases: ['acme.example', 'globex.example'] },
    ])
    await expect(does((it) => createGroup(it, { name: 'Other', instanceKey: 'EU42' }))).rejects.toMatchObject({
      field: 'instanceKey',
    })
    await expect(does((it) => changeGroup(it, id, { tags: [{ type: 'stack', value: '' }] }))).rejects.toMatchObject({
      field: 'tags[0].value',
    })
    await does((it) => changeGroup(it, id, { instanceKey: null, location: '', tags: null }))
    expect(await listGroups(db)).toMatchObject([
      { instanceKey: null, location: null, environment: 'production', tags: [] },
    ])
  })

  test('what changed is written down by name; what did not change is not', async () => {
    const { does, events, search } = await desk()
    await does((it) => changeComponent(it, search, { name: 'Search', description: 'Finds things', bars: 'hidden' }))
    await does((it) => changeComponent(it, search, { description: 'Finds things', bars: 'hidden' }))
    expect(await events()).toMatchObject([
      { type: 'component.changed', data: { fields: ['description', 'barsHiddenAt'] } },
    ])
  })
})

describe('a status set by hand', () => {
  test('begins an impact of nobody, and the next one ends it', async () => {
    const { does, db, clock, status, search, events } = await desk()
    await does((it) => setComponentStatus(it, search, { status: 'degraded_performance' }))
    clock.advance('10m')
    await does((it) => setComponentStatus(it, search, { status: 'major_outage' }))
    expect(await status(search)).toBe('major_outage')
    clock.advance('10m')
    await does((it) => setComponentStatus(it, search, { status: 'operational' }))
    expect(await status(search)).toBe('operational')
    const impacts = await impactsOfComponent(
      db,
      search,
      '2026-11-21T00:00:00.000Z' as Instant,
      '2026-11-22T00:00:00.000Z' as Instant,
    )
    expect(impacts).toMatchObject([
      { status: 'degraded_performance', endedAt: '2026-11-21T12:10:00.000Z', incidentId: null },
      { status: 'major_outage', endedAt: '2026-11-21T12:20:00.000Z', incidentId: null },
    ])
    expect((await events()).map((event) => event.data)).toEqual([
      { name: 'Search', from: 'operational', to: 'degraded_performance' },
      { name: 'Search', from: 'degraded_performance', to: 'major_outage' },
      { name: 'Search', from: 'major_outage', to: 'operational' },
    ])
  })

  test('cannot turn green what an open incident says is down', async () => {
    const { does, opens, everything, search } = await desk()
    await opens()
    const before = await everything()
    await expect(does((it) => setComponentStatus(it, search, { status: 'operational' }))).rejects.toThrow(
      '“Search is slow” says otherwise',
    )
    expect(await everything()).toBe(before)
  })
})

describe('removing', () => {
  test('is refused while an open incident names it', async () => {
    const { does, opens, posts, db, payments, search } = await desk()
    const id = await opens()
    await expect(does((it) => removeComponent(it, search))).rejects.toThrow('“Search is slow” names “Search”')
    await posts(id, { stage: 'resolved' })
    await does((it) => removeComponent(it, search))
    expect(await listComponents(db)).toMatchObject([{ id: payments }])
  })

  test('ends what was set by hand, and removes the probes that watch it', async () => {
    const { does, db, search, events } = await desk()
    await does((it) => setComponentStatus(it, search, { status: 'major_outage' }))
    await db
      .insertInto('probes')
      .values({
        id: 'probe-1',
        number: 1,
        component_id: search,
        name: 'Search from here',
        kind: 'http',
        spec: '{}',
        expects: '{}',
        interval_seconds: 60,
        timeout_ms: 1000,
        failures_needed: 2,
        successes_needed: 2,
        down_status: 'major_outage',
        policy: 'draft',
        publish_after_seconds: 300,
        paused_at: null,
        removed_at: null,
        created_at: '2026-11-21T12:00:00.000Z' as Instant,
        updated_at: '2026-11-21T12:00:00.000Z' as Instant,
      })
      .execute()
    await does((it) => removeComponent(it, search))
    const open = await db.selectFrom('impacts').selectAll().where('ended_at', 'is', null).execute()
    expect(open).toEqual([])
    expect((await events()).slice(-2)).toMatchObject([
      { type: 'probe.removed', subject: 'probe-1' },
      { type: 'component.removed', subject: search },
    ])
  })
})

test('a probe that is called as its component follows it, one with a name of its own does not', async () => {
  const { does, db, events } = await desk()
  const url = 'https://shop.example/'
  const id = await does(async (it) => {
    const component = await createComponent(it, { name: 'shop.example' })
    await createProbe(it, { componentId: component, name: 'shop.example', url })
    await createProbe(it, { componentId: component, name: 'From the cellar', url })
    const another = await createComponent(it, { name: 'Another' })
    await createProbe(it, { componentId: another, name: 'shop.example', url })
    return component
  })
  await does((it) => changeComponent(it, id, { description: 'Where you buy.' }))
  expect((await events()).at(-1)).toMatchObject({ type: 'component.changed' })
  await does((it) => changeComponent(it, id, { name: 'Shop' }))
  expect((await listProbes(db)).map(({ name }) => name).toSorted()).toEqual(['From the cellar', 'Shop', 'shop.example'])
  expect((await events()).at(-1)).toMatchObject({ type: 'probe.changed', data: { name: 'Shop', fields: ['name'] } })
})
