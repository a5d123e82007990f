import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { openIncident, postUpdate } from '../../../src/domain/incidents/commands.ts'
import { draftIncident, editDraft, publishDraft } from '../../../src/domain/incidents/drafts.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { type World, world } from '../../world.ts'

const ada = { kind: 'operator', id: 'ada', name: 'Ada' } as const

async function entries({ db }: World) {
  return db.selectFrom('ledger').selectAll().orderBy('seq').execute()
}

async function withSearch(): Promise<World & { search: string }> {
  const it = await world()
  return { ...it, search: await it.change(ada, (change) => createComponent(change, { name: 'Search' })) }
}

test('each word on an incident is an entry, chained to the one before', async () => {
  const it = await withSearch()
  const components = [{ id: it.search, status: 'major_outage' as const }]
  const id = await it.change(ada, (change) =>
    openIncident(change, { name: 'Search is down', body: 'We look.', stage: 'investigating', components }),
  )
  it.clock.advance('10m')
  await it.change(ada, (change) => postUpdate(change, id, { stage: 'resolved', body: 'It is over.' }))

  const all = await entries(it)
  expect(all.map(({ kind }) => kind).filter((kind) => !kind.startsWith('promise.'))).toEqual([
    'ledger.begun',
    'component.created',
    'incident.opened',
    'incident.resolved',
  ])
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1))
  let prev: string | null = null
  for (const { seq, at, kind, subject, entry, hash } of all) {
    const content = `{"at":"${at}","entry":${entry},"kind":"${kind}","prev":${JSON.stringify(prev)},"seq":${seq},"subject":"${subject}"}`
    expect(createHash('sha256').update(content).digest('hex')).toBe(hash)
    prev = hash
  }
  const resolved = all.find(({ kind }) => kind === 'incident.resolved')
  expect(JSON.parse(resolved?.entry ?? '')).toMatchObject({
    incident: {
      name: 'Search is down',
      stage: 'resolved',
      overAt: '2026-11-21T12:10:00.000Z',
      impacts: [{ component: it.search, status: 'major_outage', endedAt: '2026-11-21T12:10:00.000Z' }],
    },
    update: { body: 'It is over.', author: 'Ada' },
  })
})

test('a draft does not enter before it is published', async () => {
  const it = await withSearch()
  const before = (await entries(it)).length
  const components = [{ id: it.search, status: 'major_outage' as const }]
  const beganAt = it.clock.now()
  const id = await it.change(ada, (change) =>
    draftIncident(change, { name: 'Secret', body: 'Not yet.', beganAt, components }),
  )
  await it.change(ada, (change) => editDraft(change, id, { body: 'Still not.' }))
  expect(await entries(it)).toHaveLength(before)
  await it.change(ada, (change) => publishDraft(change, id))
  expect((await entries(it)).at(before)?.kind).toBe('incident.opened')
})

test('what fails enters nowhere', async () => {
  const it = await withSearch()
  const before = await entries(it)
  const failing = it.change(ada, async (change) => {
    await openIncident(change, { name: 'Search is down', body: 'We look.', stage: 'investigating' })
    throw new Error('The power is gone.')
  })
  await expect(failing).rejects.toThrow('The power is gone.')
  expect(await entries(it)).toEqual(before)
})

test('a clock that is set back does not turn the order round', async () => {
  const it = await withSearch()
  it.clock.set('2026-11-21T11:00:00.000Z')
  await it.change(ada, (change) => createComponent(change, { name: 'Mail' }))
  const [before, last] = (await entries(it)).slice(-2)
  expect(last?.at).toBe(before?.at)
})

test('no id of an operator and no address enters, only the public name', async () => {
  const it = await withSearch()
  const eva = { kind: 'operator', id: 'account-of-eva', name: 'Eva' } as const
  const id = await it.change(eva, (change) =>
    openIncident(change, { name: 'Search is down', body: 'We look.', stage: 'investigating' }),
  )
  await it.change(eva, (change) => postUpdate(change, id, { stage: 'resolved', body: 'It is over.' }))
  const all = JSON.stringify(await entries(it))
  expect(all).toContain('Eva')
  expect(all).not.toMatch(/account-of-eva|@/)
})
