import { describe, expect, test } from 'vitest'
import { readIncident } from '../../../src/domain/incidents/queries.ts'
import { correctReview, draftReview, publishReview } from '../../../src/domain/reviews/commands.ts'
import { reviewAtDesk } from '../../../src/domain/reviews/queries.ts'
import { revisionsOf } from '../../../src/domain/revisions/queries.ts'
import { everyHead, lookingBack } from './looking-back.ts'

describe('writing', () => {
  test('a draft is kept for whoever goes on, and readers see nothing of it', async () => {
    const { does, db, incidentId, events } = await lookingBack()
    const actions = [{ title: 'Check an index before it is used' }]
    await does((it) => draftReview(it, incidentId, { heads: { saw: 'Searches failed.' }, author: 'Ada', actions }))
    expect((await reviewAtDesk(db, incidentId))?.draft).toMatchObject({
      heads: { saw: 'Searches failed.' },
      author: 'Ada',
      actions: [{ title: 'Check an index before it is used', dueOn: null, owner: null }],
      by: 'Ada',
    })
    expect((await readIncident(db, incidentId))?.review).toBeNull()
    expect((await events()).at(-1)).toMatchObject({ type: 'review.drafted', subject: incidentId })
  })

  test('a draft that somebody saved meanwhile is not overwritten', async () => {
    const { does, db, incidentId, clock, change } = await lookingBack()
    const ben = { kind: 'operator', id: 'ben', name: 'Ben' } as const
    await does((it) => draftReview(it, incidentId, { heads: { saw: 'One.' } }))
    const seen = (await reviewAtDesk(db, incidentId))?.draft?.at ?? null
    clock.advance('1m')
    await change(ben, (it) => draftReview(it, incidentId, { heads: { saw: 'Two.' }, seen }))
    await expect(does((it) => draftReview(it, incidentId, { heads: { saw: 'Three.' }, seen }))).rejects.toThrow(
      'Ben saved this draft meanwhile',
    )
    expect((await reviewAtDesk(db, incidentId))?.draft?.heads).toEqual({ saw: 'Two.' })
  })

  test('one looks back on what is over, and on what readers know of', async () => {
    const { does, opens, drafts } = await lookingBack()
    const open = await opens({ name: 'Another one' })
    const draft = await drafts()
    const review = { heads: everyHead, as: 'final' }
    await expect(does((it) => publishReview(it, open, review))).rejects.toThrow('is not over')
    await expect(does((it) => publishReview(it, draft, review))).rejects.toThrow('is a draft')
  })
})

describe('publishing', () => {
  test('a final review of a major incident leaves no head out', async () => {
    const { publishes, incidentId, db } = await lookingBack()
    const { data: _data, ...rest } = everyHead
    await expect(publishes({ heads: rest })).rejects.toMatchObject({ field: 'heads.data' })
    await publishes({ heads: rest, as: 'preliminary' })
    expect((await readIncident(db, incidentId))?.review?.heads.data).toBeUndefined()
  })

  test('what will be done may be said by an action alone', async () => {
    const { publishes, review } = await lookingBack()
    const { next: _next, ...rest } = everyHead
    await publishes({ heads: rest, actions: [{ title: 'Check indexes', dueOn: '2026-12-04', owner: 'Search team' }] })
    expect((await review()).actions).toMatchObject([
      { title: 'Check indexes', dueOn: '2026-12-04', firstDueOn: '2026-12-04', owner: 'Search team', state: 'open' },
    ])
  })

  test('a minor incident needs no more than is to be said', async () => {
    const { does, opens, posts, search, clock, db } = await lookingBack()
    const id = await opens({ name: 'A blip', components: [{ id: search, status: 'degraded_performance' }] })
    clock.advance('5m')
    await posts(id, { stage: 'resolved' })
    const say = (heads: object) => does((it) => publishReview(it, id, { heads, as: 'final' }))
    await expect(say({})).rejects.toThrow('A review says something')
    await say({ happened: 'A cable was loose.' })
    expect((await readIncident(db, id))?.review?.heads).toMatchObject({ happened: { text: 'A cable was loose.' } })
  })

  test('it says when the incident was reviewed, keeps the promises and ends the draft', async () => {
    const { does, db, publishes, incidentId, clock, incident, events } = await lookingBack()
    await does((it) => draftReview(it, incidentId, { heads: everyHead }))
    clock.advance('1d')
    await publishes({ as: 'preliminary', actions: [{ title: 'Check indexes', dueOn: '2026-12-04' }] })
    expect(await incident(incidentId)).toMatchObject({
      reviewedAt: '2026-11-22T13:00:00.000Z',
      latestUpdateAt: '2026-11-22T13:00:00.000Z',
      review: { author: 'Ada', preliminaryAt: '2026-11-22T13:00:00.000Z', finalAt: null },
    })
    const known = await reviewAtDesk(db, incidentId)
    expect(known?.draft).toBeNull()
    const published = (await events()).find(({ type }) => type === 'review.published')
    expect(published).toMatchObject({
      subject: incidentId,
      data: { name: 'Search is slow', review: known?.review.id, as: 'preliminary', actions: [expect.any(String)] },
    })
  })

  test('each promise of a review is kept by the review that was promised', async () => {
    const { publishes, incidentId, clock, incident } = await lookingBack()
    const outcomes = async () =>
      (await incident(incidentId)).promises
        .filter(({ kind }) => kind !== 'update')
        .map(({ kind, outcome }) => [kind, outcome])
    expect(await outcomes()).toEqual([
      ['review', null],
      ['final-review', null],
    ])
    clock.advance('1d')
    await publishes({ as: 'preliminary' })
    expect(await outcomes()).toEqual([
      ['review', 'kept'],
      ['final-review', null],
    ])
    clock.advance('20d')
    await publishes({ as: 'final' })
    expect(await outcomes()).toEqual([
      ['review', 'kept'],
      ['final-review', 'missed'],
    ])
  })

  test('the final review takes the place of the preliminary one, whose words are kept', async () => {
    const { publishes, db, review, clock, incidentId, incident } = await lookingBack()
    await publishes({ as: 'preliminary', heads: { saw: 'Searches failed.', why: 'We do not know.' } })
    clock.advance('2d')
    await publishes({ as: 'final', heads: { ...everyHead, saw: 'Searches failed.' } })
    const { id, heads, finalAt, correctedAt } = await review()
    expect(heads.saw?.at).toBe('2026-11-21T13:00:00.000Z')
    expect(heads.why).toEqual({ text: everyHead.why, at: '2026-11-23T13:00:00.000Z' })
    expect({ finalAt, correctedAt }).toEqual({ finalAt: '2026-11-23T13:00:00.000Z', correctedAt: null })
    expect(await revisionsOf(db, id)).toMatchObject([
      {
        of: 'review',
        owner: incidentId,
        shown: 'no',
        before: { why: 'We do not know.' },
        after: { why: everyHead.why },
      },
    ])
    expect((await incident(incidentId)).reviewedAt).toBe('2026-11-21T13:00:00.000Z')
  })

  test('nothing is published twice', async () => {
    const { publishes } = await lookingBack()
    await publishes({ as: 'preliminary' })
    await expect(publishes({ as: 'preliminary' })).rejects.toThrow('published already')
    await publishes()
    await expect(publishes()).rejects.toThrow('correct it instead')
    await expect(publishes({ as: 'preliminary' })).rejects.toThrow('correct it instead')
  })
})

describe('correcting', () => {
  test('readers are told that words changed, why, and what stood there', async () => {
    const { publishes, does, db, review, clock, incidentId, events } = await lookingBack()
    await publishes()
    clock.advance('1h')
    const heads = { ...everyHead, data: 'Three searches were answered twice. No data was lost.' }
    await expect(does((it) => correctReview(it, incidentId, { heads }))).rejects.toMatchObject({ field: 'reason' })
    await does((it) => correctReview(it, incidentId, { heads, reason: 'We had counted wrongly.' }))
    const { id, correctedAt, heads: now } = await review()
    expect(correctedAt).toBe('2026-11-21T14:00:00.000Z')
    expect(now.data?.text).toBe(heads.data)
    const [revision] = await revisionsOf(db, id)
    expect(revision).toMatchObject({
      reason: 'We had counted wrongly.',
      author: 'Ada',
      shown: 'yes',
      before: { data: everyHead.data },
      after: { data: heads.data },
    })
    expect((await events()).at(-1)).toMatchObject({
      type: 'review.corrected',
      data: { heads: ['data'], revision: revision?.id },
    })
  })

  test('the same words again are no correction', async () => {
    const { publishes, does, incidentId, review, events } = await lookingBack()
    await publishes()
    const before = (await events()).length
    await does((it) => correctReview(it, incidentId, { heads: everyHead }))
    expect((await review()).correctedAt).toBeNull()
    expect(await events()).toHaveLength(before)
  })

  test('who has the draft before them has not seen what it became', async () => {
    const { publishes, does, incidentId, db, clock, review } = await lookingBack()
    await does((it) => draftReview(it, incidentId, { heads: everyHead }))
    const seen = (await reviewAtDesk(db, incidentId))?.draft?.at
    clock.advance('1m')
    await publishes({ heads: { ...everyHead, why: 'Nobody looked.' }, as: 'preliminary' })
    const word = { heads: everyHead, reason: 'Clearer.' }
    await expect(does((it) => correctReview(it, incidentId, { ...word, seen }))).rejects.toThrow('changed meanwhile')
    await expect(does((it) => draftReview(it, incidentId, { heads: everyHead, seen }))).rejects.toThrow('meanwhile')
    await expect(publishes({ seen: seen ?? null })).rejects.toThrow('changed meanwhile')
    const { updatedAt } = await review()
    await does((it) => correctReview(it, incidentId, { ...word, seen: updatedAt }))
    expect((await review()).heads.why?.text).toBe(everyHead.why)
  })

  test('what is not published cannot be corrected', async () => {
    const { does, incidentId } = await lookingBack()
    await expect(does((it) => correctReview(it, incidentId, { heads: everyHead }))).rejects.toThrow(
      'no published review',
    )
  })
})

describe('translating', () => {
  test('a translation knows which words it translates, and lags when these are rewritten', async () => {
    const { publishes, does, incidentId, clock, review, events } = await lookingBack()
    await publishes({ translations: { fr: { saw: 'Les recherches échouaient.', why: 'Rien ne vérifie.' } } })
    const at = '2026-11-21T13:00:00.000Z'
    expect((await review()).translations).toEqual({
      fr: { saw: { text: 'Les recherches échouaient.', of: at }, why: { text: 'Rien ne vérifie.', of: at } },
    })
    clock.advance('1h')
    const heads = { ...everyHead, why: 'Nothing checked it.', saw: 'All searches failed.' }
    const translations = { fr: { saw: 'Toutes les recherches échouaient.', why: 'Rien ne vérifie.' } }
    await does((it) => correctReview(it, incidentId, { heads, translations, reason: 'To be exact.' }))
    expect((await review()).translations['fr']).toEqual({
      saw: { text: 'Toutes les recherches échouaient.', of: '2026-11-21T14:00:00.000Z' },
      why: { text: 'Rien ne vérifie.', of: at },
    })
    expect((await review()).heads.why?.at).toBe('2026-11-21T14:00:00.000Z')
    clock.advance('1h')
    const mended = { fr: { ...translations.fr, why: 'Rien ne le vérifiait.' } }
    await does((it) => correctReview(it, incidentId, { heads, translations: mended }))
    expect((await review()).translations['fr']?.why?.of).toBe('2026-11-21T14:00:00.000Z')
    expect((await events()).at(-1)).toMatchObject({ type: 'review.translated' })
  })
})
