import { expect, test } from 'vitest'
import { later } from '../../../src/lib/clock.ts'
import { changeIncident } from '../../../src/domain/incidents/commands.ts'
import { examineLedger } from '../../../src/domain/ledger/examine.ts'
import { noteShownNotices } from '../../../src/domain/ledger/shown-notices.ts'
import { beginLedger } from '../../../src/domain/ledger/scribe.ts'
import { ledgerKeys } from '../../../src/domain/ledger/keys.ts'
import { endNotice, publishNotice } from '../../../src/domain/notices/commands.ts'
import { type World, world } from '../../world.ts'
import { ada, afternoon, exported } from './story.ts'
import { verifyLedger } from './verifier.ts'

async function findings({ db, ledgerKeys: keys, clock }: World): Promise<{ found: string; isWell: boolean }[]> {
  const all = await examineLedger(db, keys, clock.now())
  return all.map(({ found, remedy }) => ({ found, isWell: remedy === null }))
}

async function kinds({ db }: World): Promise<string[]> {
  return (await db.selectFrom('ledger').select('kind').orderBy('seq').execute()).map(({ kind }) => kind)
}

/** The number of the last entry that says this of the incident. */
async function entryThat(here: World, { incident }: { incident: string }, words: string): Promise<number> {
  const entries = here.db.selectFrom('ledger').select(['seq', 'entry']).where('subject', '=', incident)
  const rows = await entries.orderBy('seq').execute()
  return rows.findLast(({ entry }) => entry.includes(words))?.seq ?? 0
}

test('what commands wrote is what the ledger says', async () => {
  const here = await world()
  const { incident } = await afternoon(here)
  await here.change(ada, (it) => changeIncident(it, incident, { name: 'Search was down', reason: 'Clearer.' }))
  expect(await findings(here)).toEqual([
    { found: expect.stringMatching(/^\d+ entries, each follows/) as string, isWell: true },
  ])
})

type Edit = (here: World, ids: Awaited<ReturnType<typeof afternoon>>) => Promise<unknown>

test.each<[string, Edit, (here: World, ids: Awaited<ReturnType<typeof afternoon>>) => Promise<string>]>([
  [
    'the text of an update',
    ({ db }, { updates }) =>
      db
        .updateTable('updates')
        .set({ body: 'All was well.' })
        .where('id', '=', updates[0] ?? '')
        .execute(),
    async (here, ids) =>
      `entry ${await entryThat(here, ids, 'A disk is full.')} says otherwise of update ${ids.updates[0]} than the page does`,
  ],
  [
    'when an update was said',
    ({ db }, { updates }) =>
      db
        .updateTable('updates')
        .set({ displayed_at: '2026-11-21T12:01:00.000Z' as never })
        .where('id', '=', updates[0] ?? '')
        .execute(),
    async (here, ids) =>
      `entry ${await entryThat(here, ids, 'A disk is full.')} says otherwise of update ${ids.updates[0]} than the page does`,
  ],
  [
    'the beginning of an incident',
    ({ db }, { incident }) =>
      db
        .updateTable('incidents')
        .set({ began_at: '2026-11-21T12:09:00.000Z' as never })
        .where('id', '=', incident)
        .execute(),
    async (here, ids) =>
      `entry ${await entryThat(here, ids, '"incident":{')} says otherwise of incident ${ids.incident} than the page does`,
  ],
  [
    'how long a system suffered',
    ({ db }, { incident }) =>
      db
        .updateTable('impacts')
        .set({ ended_at: '2026-11-21T12:01:00.000Z' as never })
        .where('incident_id', '=', incident)
        .execute(),
    async (here, ids) =>
      `entry ${await entryThat(here, ids, '"incident":{')} says otherwise of incident ${ids.incident} than the page does`,
  ],
  [
    'an update that is taken away',
    ({ db }, { updates }) =>
      db
        .deleteFrom('updates')
        .where('id', '=', updates[0] ?? '')
        .execute(),
    async (here, ids) =>
      `entry ${await entryThat(here, ids, 'A disk is full.')} speaks of update ${ids.updates[0]}, which is gone`,
  ],
  [
    'an entry of the ledger',
    ({ db }) => db.updateTable('ledger').set({ entry: '{"all":"well"}' }).where('seq', '=', 3).execute(),
    async () => 'entry 3 does not follow from the one before it',
  ],
  [
    'an entry that is taken away',
    ({ db }) => db.deleteFrom('ledger').where('seq', '=', 3).execute(),
    async () => 'entry 4 does not follow from the one before it',
  ],
  [
    'the time of an entry',
    ({ db }) =>
      db
        .updateTable('ledger')
        .set({ at: '2026-11-21T11:00:00.000Z' as never })
        .where('seq', '=', 3)
        .execute(),
    async () => 'entry 3 does not follow from the one before it',
  ],
])('%s, changed by hand, is found at the first entry that does not fit', async (_, edit, expected) => {
  const here = await world()
  const ids = await afternoon(here)
  await afternoon(here)
  const found = await expected(here, ids)
  await edit(here, ids)
  expect((await findings(here))[0]).toEqual({ found, isWell: false })
})

test('who does not hold the key is told so', async () => {
  const here = await world()
  const keys = ledgerKeys({ key: 'another secret', folder: '/nowhere', ids: here.ids })
  const [, found] = await examineLedger(here.db, keys, here.clock.now())
  expect(found?.found).toContain('its key is not in this data folder')
})

test('what was there before the ledger enters it at its beginning, and can be held against it', async () => {
  const here = await world()
  await afternoon(here)
  await here.db.deleteFrom('ledger').execute()
  await here.change(ada, (it) => beginLedger(it, here.ledgerKeys.first.publicKey))
  expect(await kinds(here)).toEqual(['ledger.begun', 'incident.imported'])
  await noteShownNotices(here)
  expect((await kinds(here)).at(-1)).toBe('notice.shown')
  expect(await findings(here)).toMatchObject([{ isWell: true }])
  const { lines, head } = await exported(here)
  expect(await verifyLedger([Buffer.from(`${lines.join('\n')}\n`)], { head })).toMatchObject({ ok: true })
  await here.db.updateTable('updates').set({ body: 'All was well.' }).where('body', '=', 'A disk is full.').execute()
  expect((await findings(here))[0]?.found).toMatch(/^entry 2 says otherwise of update/)
})

test('a notice for later enters when its time has come, once, and not before', async () => {
  const here = await world()
  const shownFrom = later(here.clock.now(), 3600)
  const id = await here.change(ada, (it) => publishNotice(it, { name: 'Secret', body: 'Not yet.', shownFrom }))
  const gone = await here.change(ada, (it) => publishNotice(it, { name: 'Never', body: 'Never.', shownFrom }))
  await here.change(ada, (it) => endNotice(it, gone))
  await noteShownNotices(here)
  expect(JSON.stringify(await here.db.selectFrom('ledger').selectAll().execute())).not.toMatch(/Secret|Never/)
  here.clock.advance('2h')
  await Promise.all([noteShownNotices(here), noteShownNotices(here)])
  await noteShownNotices(here)
  const rows = await here.db.selectFrom('ledger').select('kind').where('subject', '=', id).execute()
  expect(rows).toEqual([{ kind: 'notice.shown' }])
  expect(await findings(here)).toMatchObject([{ isWell: true }])
})

test('a notice whose time came and went while nothing ran enters too, and is no sign of a change by hand before', async () => {
  const here = await world()
  const [shownFrom, shownUntil] = [later(here.clock.now(), 3600), later(here.clock.now(), 7200)]
  const id = await here.change(ada, (it) => publishNotice(it, { name: 'Soon', body: 'Read.', shownFrom, shownUntil }))
  here.clock.advance('3h')
  expect(await findings(here)).toMatchObject([{ isWell: true }])
  await noteShownNotices(here)
  const rows = await here.db.selectFrom('ledger').select('kind').where('subject', '=', id).execute()
  expect(rows).toEqual([{ kind: 'notice.shown' }])
  expect(await findings(here)).toMatchObject([{ isWell: true }])
})
