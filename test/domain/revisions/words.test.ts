import { describe, expect, test } from 'vitest'
import { changeIncident, reopenIncident } from '../../../src/domain/incidents/commands.ts'
import { readIncident } from '../../../src/domain/incidents/queries.ts'
import { announceMaintenance, postMaintenanceUpdate } from '../../../src/domain/maintenances/commands.ts'
import { readMaintenance } from '../../../src/domain/maintenances/queries.ts'
import { revisionsOf } from '../../../src/domain/revisions/queries.ts'
import { correctUpdate, withdrawUpdate } from '../../../src/domain/revisions/words.ts'
import { desk } from '../desk.ts'

const fixed = { body: 'Searches are slow. We are looking into it.', reason: 'They do not fail.' }

async function said() {
  const here = await desk()
  const id = await here.opens({ translations: { fr: { body: 'Les recherches échouent.' } } })
  const [update] = (await here.incident(id)).updates
  const word = async () => (await here.incident(id)).updates.find((one) => one.id === update?.id)
  return { ...here, id, update: update?.id ?? '', word }
}

describe('correcting an update', () => {
  test('what it said before is kept with who corrected it and why, and the update says when it changed', async () => {
    const { does, clock, id, update, word, incident, events } = await said()
    clock.advance('10m')
    await does((it) => correctUpdate(it, update, fixed))
    clock.advance('10m')
    await does((it) => correctUpdate(it, update, { body: 'Searches are slow.', reason: 'We know why.' }))
    expect(await word()).toMatchObject({
      body: 'Searches are slow.',
      displayedAt: '2026-11-21T12:00:00.000Z',
      updatedAt: '2026-11-21T12:20:00.000Z',
    })
    const before = 'Searches fail. We are looking into it.'
    const { revisions, latestUpdateAt, updatedAt } = await incident(id)
    expect(revisions).toMatchObject([
      {
        of: 'update',
        subject: update,
        author: 'Ada',
        at: '2026-11-21T12:10:00.000Z',
        reason: fixed.reason,
        before: { texts: { en: before } },
        after: { texts: { en: fixed.body } },
      },
      { reason: 'We know why.', before: { texts: { en: fixed.body } } },
    ])
    expect({ latestUpdateAt, updatedAt }).toEqual({
      latestUpdateAt: '2026-11-21T12:00:00.000Z',
      updatedAt: '2026-11-21T12:20:00.000Z',
    })
    expect((await events()).at(-1)).toMatchObject({
      type: 'update.corrected',
      subject: id,
      data: { of: 'incident', update, revision: revisions[1]?.id, deliver: 'no' },
    })
  })

  test('only a typing error of the first two minutes goes without a word, and it too is kept', async () => {
    const { db, does, clock, update, incident, id } = await said()
    const typo = { body: 'Searches fail. We are looking into this.', typing: 'yes' }
    clock.advance('119s')
    await does((it) => correctUpdate(it, update, typo))
    expect((await incident(id)).revisions).toEqual([])
    expect(await revisionsOf(db, update)).toMatchObject([{ shown: 'no', reason: null }])
    clock.advance('1s')
    await does((it) => correctUpdate(it, update, { body: 'Searches fail. We look.', typing: 'yes' }))
    expect((await incident(id)).revisions).toMatchObject([{ reason: null }])
  })

  test('what is more than a typing error has a reason, even at once', async () => {
    const { does, update, everything, incident, id } = await said()
    const before = await everything()
    await expect(does((it) => correctUpdate(it, update, { body: fixed.body }))).rejects.toMatchObject({
      field: 'reason',
      message: 'Say why you correct it, or that it is only a typing error.',
    })
    expect(await everything()).toBe(before)
    await does((it) => correctUpdate(it, update, fixed))
    expect((await incident(id)).revisions).toMatchObject([{ reason: fixed.reason }])
  })

  test('a translation that was not corrected with its original lags until it is', async () => {
    const { does, clock, update, word, incident, id } = await said()
    clock.advance('10m')
    await does((it) => correctUpdate(it, update, { body: 'Searches fail, we look.', typing: 'yes' }))
    expect(await word()).toMatchObject({ revision: 0, translates: {} })
    await does((it) => correctUpdate(it, update, fixed))
    expect(await word()).toMatchObject({ revision: 1, translates: {}, translations: { fr: {} } })
    const translations = { fr: { body: 'Les recherches sont lentes.' }, fa: { body: 'جست‌وجو کند است.' } }
    await does((it) => correctUpdate(it, update, { translations }))
    expect(await word()).toMatchObject({ revision: 1, translates: { fr: 1, fa: 1 }, translations })
    // Its reason is that of the original.
    expect((await incident(id)).revisions.at(-1)).toMatchObject({
      reason: fixed.reason,
      before: { texts: { fr: 'Les recherches échouent.', fa: null } },
    })
    const other = { translations: { ...translations, fr: { body: 'La recherche est lente.' } } }
    await expect(does((it) => correctUpdate(it, update, other))).rejects.toMatchObject({ field: 'reason' })
  })

  test('a first translation is no correction', async () => {
    const { does, clock, update, word, incident, id } = await said()
    clock.advance('10m')
    const translations = { fr: { body: 'Les recherches échouent.' }, fa: { body: 'جست‌وجو کار نمی‌کند.' } }
    await does((it) => correctUpdate(it, update, { translations }))
    expect(await word()).toMatchObject({ translations })
    expect((await incident(id)).revisions).toEqual([])
  })

  test('of two who correct the same word, the second is told what the first made of it', async () => {
    const { does, clock, update, word } = await said()
    const seen = (await word())?.updatedAt
    clock.advance('10m')
    await does((it) => correctUpdate(it, update, { ...fixed, seen }))
    await expect(does((it) => correctUpdate(it, update, { body: 'Mine.', reason: 'Mine.', seen }))).rejects.toThrow(
      'Somebody corrected this update meanwhile',
    )
    expect((await word())?.body).toBe(fixed.body)
  })

  test('nothing is written where nothing changes, and a draft has its own form', async () => {
    const { does, update, everything, drafts, incident } = await said()
    const before = await everything()
    await does((it) => correctUpdate(it, update, { body: 'Searches fail. We are looking into it.' }))
    expect(await everything()).toBe(before)
    const [draft] = (await incident(await drafts())).updates
    await expect(does((it) => correctUpdate(it, draft?.id ?? '', fixed))).rejects.toThrow('change the draft')
    await expect(does((it) => correctUpdate(it, 'nothing', fixed))).rejects.toThrow('no such update')
  })
})

describe('withdrawing an update', () => {
  test('readers keep when and why, not what; the record keeps the words', async () => {
    const { db, does, posts, clock, id, update, events } = await said()
    clock.advance('10m')
    const second = await posts(id, { stage: 'identified', body: 'It was the new index.' })
    clock.advance('10m')
    const french = { fr: { reason: 'Ce n’était pas l’index.' } }
    await does((it) => withdrawUpdate(it, second, { reason: 'It was not the index.', reasons: french }))
    const seen = await readIncident(db, id)
    expect(seen).toMatchObject({
      stage: 'investigating',
      latestUpdateAt: '2026-11-21T12:00:00.000Z',
      updatedAt: '2026-11-21T12:20:00.000Z',
    })
    expect(seen?.updates.map((one) => one.id)).toEqual([update])
    expect(seen?.withdrawn).toEqual([
      {
        id: second,
        stage: 'identified',
        author: 'Ada',
        locale: 'en',
        reason: 'It was not the index.',
        translations: french,
        displayedAt: '2026-11-21T12:10:00.000Z',
        withdrawnAt: '2026-11-21T12:20:00.000Z',
      },
    ])
    expect(await revisionsOf(db, second)).toMatchObject([
      { before: { texts: { en: 'It was the new index.' } }, after: null },
    ])
    expect((await events()).at(-1)).toMatchObject({ type: 'update.withdrawn', data: { update: second } })
    await expect(does((it) => withdrawUpdate(it, second, { reason: 'Again.' }))).rejects.toThrow('withdrawn already')
  })

  test('what a withdrawn word promised stays promised', async () => {
    const { does, clock, id, update, incident } = await said()
    const { nextUpdateBy } = await incident(id)
    clock.advance('10m')
    await does((it) => withdrawUpdate(it, update, { reason: 'It was another system.' }))
    const left = await incident(id)
    expect(left).toMatchObject({ nextUpdateBy, updates: [], latestUpdateAt: '2026-11-21T12:00:00.000Z' })
    expect(left.promises).toMatchObject([{ madeBy: update, dueAt: nextUpdateBy, outcome: null }])
  })

  test('a word that ended something is not taken back while the end stands', async () => {
    const { does, posts, id, incident, clock } = await said()
    clock.advance('10m')
    const end = await posts(id, { stage: 'resolved', body: 'All works.' })
    const withdraw = () => does((it) => withdrawUpdate(it, end, { reason: 'It does not work.' }))
    await expect(withdraw()).rejects.toThrow('reopen the incident first')
    clock.advance('10m')
    await does((it) => reopenIncident(it, id, { stage: 'identified', body: 'It is back.' }))
    await withdraw()
    expect(await incident(id)).toMatchObject({ stage: 'identified', overAt: null })
  })

  test('an incident that is open again is at no end, also where the word that reopened it is taken back', async () => {
    const { does, posts, id, incident, clock } = await said()
    clock.advance('10m')
    await posts(id, { stage: 'resolved', body: 'All works.' })
    clock.advance('10m')
    const again = await does((it) => reopenIncident(it, id, { stage: 'monitoring', body: 'It is back.' }))
    await does((it) => withdrawUpdate(it, again, { reason: 'It was about another system.' }))
    expect(await incident(id)).toMatchObject({ stage: 'investigating', overAt: null })
  })

  test('a reason is asked for', async () => {
    const { does, update } = await said()
    await expect(does((it) => withdrawUpdate(it, update, { reason: '' }))).rejects.toMatchObject({ field: 'reason' })
  })
})

test('words of a maintenance are corrected and withdrawn in the same way', async () => {
  const { db, does, clock, search } = await desk()
  const window = { plannedFrom: '2026-11-22T01:00:00Z', plannedUntil: '2026-11-22T02:00:00Z' }
  const id = await does((it) =>
    announceMaintenance(it, { name: 'Disks', body: 'We change disks.', components: [search], ...window }),
  )
  const second = await does((it) => postMaintenanceUpdate(it, id, { stage: 'scheduled', body: 'All is ready.' }))
  const [, first] = (await readMaintenance(db, id))?.updates ?? []
  clock.advance('10m')
  await does((it) => correctUpdate(it, first?.id ?? '', { body: 'We change two disks.', reason: 'Two failed.' }))
  await does((it) => withdrawUpdate(it, second, { reason: 'One disk is late.' }))
  expect(await readMaintenance(db, id)).toMatchObject({
    stage: 'scheduled',
    updates: [{ body: 'We change two disks.' }],
    withdrawn: [{ id: second, reason: 'One disk is late.' }],
    revisions: [{ reason: 'Two failed.' }, { reason: 'One disk is late.' }],
    latestUpdateAt: '2026-11-21T12:00:00.000Z',
  })
})

describe('correcting the facts of an incident', () => {
  test('each fact that changed is kept with its reason', async () => {
    const { opens, does, incident, clock } = await desk()
    const id = await opens()
    clock.advance('10m')
    await does((it) =>
      changeIncident(it, id, { beganAt: '2026-11-21T11:31:00Z', severityOverride: 'critical', reason: 'The logs.' }),
    )
    expect(await incident(id)).toMatchObject({
      severity: 'critical',
      derivedSeverity: 'major',
      severityOverride: 'critical',
      revisions: [
        {
          of: 'incident',
          author: 'Ada',
          reason: 'The logs.',
          before: { beganAt: '2026-11-21T12:00:00.000Z', severityOverride: null, severity: 'major' },
          after: { beganAt: '2026-11-21T11:31:00.000Z', severityOverride: 'critical', severity: 'critical' },
        },
      ],
    })
  })

  test('a title may have a typing error; a time and a severity may not', async () => {
    const { opens, does, incident, clock } = await desk()
    const id = await opens({ name: 'Serach is slow' })
    await does((it) => changeIncident(it, id, { name: 'Search is slow', typing: 'yes' }))
    expect((await incident(id)).revisions).toEqual([])
    clock.advance('2m')
    await does((it) => changeIncident(it, id, { name: 'Searching is slow', typing: 'yes' }))
    expect((await incident(id)).revisions).toMatchObject([{ before: { name: 'Search is slow' }, reason: null }])
    await expect(does((it) => changeIncident(it, id, { name: 'Down' }))).rejects.toMatchObject({
      message: 'Say why you correct it, or that it is only a typing error.',
    })
    for (const facts of [{ beganAt: '2026-11-21T11:00:00Z' }, { severityOverride: 'none' }]) {
      await expect(does((it) => changeIncident(it, id, { ...facts, typing: 'yes' }))).rejects.toMatchObject({
        field: 'reason',
        message: 'Say why you correct it.',
      })
    }
  })
})
