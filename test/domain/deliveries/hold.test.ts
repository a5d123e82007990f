import { expect, test } from 'vitest'
import { mailsInHold, takeBackMail } from '../../../src/domain/deliveries/taking-back.ts'
import { correctUpdate, withdrawUpdate } from '../../../src/domain/revisions/words.ts'
import { heardBy, listens, tells, tellsAll, toldTo } from '../../telling.ts'
import { desk } from '../desk.ts'

test('a word corrected within its two minutes is told once, as it was corrected', async () => {
  const here = await desk()
  await listens(here, 'cy')
  const id = await here.opens()
  const update = await here.posts(id, { body: 'We knwo more.' })
  await tells(here)
  here.clock.advance('90s')
  await here.does((it) => correctUpdate(it, update, { body: 'We know more.', typing: 'yes', deliver: 'yes' }))
  await tells(here)
  expect((await mailsInHold(here.db, here.clock.now())).map(({ told }) => told.word?.body)).toEqual([
    'Searches fail. We are looking into it.',
    'We know more.',
  ])
  await tellsAll(here)
  expect(await heardBy(here, 'cy')).toEqual([
    'incident.opened: Searches fail. We are looking into it.',
    'incident.updated: We know more.',
  ])
})

test('a later correction is told only if its author says so, with how it was worded before', async () => {
  const here = await desk()
  await listens(here, 'cy')
  const id = await here.opens()
  const update = await here.posts(id, { body: 'Since noon.', translations: { fr: { body: 'Depuis midi.' } } })
  await tellsAll(here)
  const fixed = { reason: 'The time was wrong.' }
  await here.does((it) => correctUpdate(it, update, { ...fixed, body: 'Since one.' }))
  await tellsAll(here)
  await here.does((it) =>
    correctUpdate(it, update, {
      ...fixed,
      body: 'Since two.',
      translations: { fr: { body: 'Depuis deux heures.' } },
      deliver: 'yes',
    }),
  )
  await tellsAll(here)
  const [, , correction, ...more] = await toldTo(here, 'cy')
  expect(more).toEqual([])
  expect(correction).toMatchObject({
    event: 'update.corrected',
    moment: 'goes on',
    word: { body: 'Since two.', translations: { fr: { body: 'Depuis deux heures.' } } },
    wordBefore: { body: 'Since one.', translations: { fr: { body: 'Depuis midi.' } } },
  })
})

test('a word withdrawn within its two minutes is told to nobody, and neither is that it was', async () => {
  const here = await desk()
  await listens(here, 'cy')
  const id = await here.opens()
  const update = await here.posts(id, { body: 'The wrong page.' })
  await tells(here)
  await here.does((it) => withdrawUpdate(it, update, { reason: 'It was meant for another incident.' }))
  await tellsAll(here)
  expect(await heardBy(here, 'cy')).toEqual(['incident.opened: Searches fail. We are looking into it.'])
})

test('a word withdrawn after it was told is taken back before the same people, who read why and not the words', async () => {
  const here = await desk()
  await listens(here, 'cy')
  await listens(here, 'dan', { extent: 'ends' })
  const id = await here.opens()
  const update = await here.posts(id, { body: 'The wrong page.' })
  await tellsAll(here)
  const reasons = { fr: { reason: 'Elle concernait un autre incident.' } }
  await here.does((it) => withdrawUpdate(it, update, { reason: 'It was meant for another incident.', reasons }))
  await tellsAll(here)
  expect(await heardBy(here, 'cy')).toEqual([
    'incident.opened: Searches fail. We are looking into it.',
    'incident.updated: The wrong page.',
    'update.withdrawn: It was meant for another incident.',
  ])
  expect((await toldTo(here, 'cy')).at(-1)?.word?.translations).toEqual({ fr: { body: reasons.fr.reason } })
  expect(await heardBy(here, 'dan')).toHaveLength(1)
})

test('a mail taken back in its two minutes reaches nobody, and the log says who did it', async () => {
  const here = await desk()
  await listens(here, 'cy')
  const id = await here.opens()
  await tells(here)
  const [held] = await mailsInHold(here.db, here.clock.now())
  if (!held) throw new Error('Nothing is held.')
  await here.does((it) => takeBackMail(it, held.number))
  expect(await mailsInHold(here.db, here.clock.now())).toEqual([])
  await tellsAll(here)
  expect(await toldTo(here, 'cy')).toEqual([])
  expect((await here.events()).at(-1)).toMatchObject({
    type: 'message.taken-back',
    subject: id,
    actor: { name: 'Ada' },
    data: { name: 'Search is slow', told: 'incident.opened' },
  })
  await expect(here.does((it) => takeBackMail(it, held.number))).rejects.toThrow('This message was taken back already.')
})

test('a mail that is on its way is not taken back, and a letter never', async () => {
  const here = await desk()
  await listens(here, 'cy')
  await here.opens()
  await tells(here)
  const [held] = await mailsInHold(here.db, here.clock.now())
  await tellsAll(here)
  await expect(here.does((it) => takeBackMail(it, held?.number ?? 0))).rejects.toThrow(/on its way already/)
  await expect(here.does((it) => takeBackMail(it, 999))).rejects.toThrow('There is no such message to subscribers.')
})
