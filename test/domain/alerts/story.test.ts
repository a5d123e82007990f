import { expect, test } from 'vitest'
import { takeAlert } from '../../../src/domain/alerts/settling.ts'
import { standingAlerts } from '../../../src/domain/alerts/queries.ts'
import { postUpdate } from '../../../src/domain/incidents/commands.ts'
import { by, team } from './team.ts'

const due = 'The update promised for 12:30 on “Search is slow” is due.'
const missed = 'The update promised for 12:30 on “Search is slow” was missed, and the page says so.'

test('a promise is due: Ada is called at once, Ben after ten minutes without a reaction, and when he speaks, Cy never', async () => {
  const it = await team()
  const [ada, ben, cy] = [await it.person('Ada', 'owner'), await it.person('Ben'), await it.person('Cy')]
  await it.isCalled(ada)
  await it.isCalled(ben, { after: 10 })
  await it.isCalled(cy, { after: 30 })
  const incident = await it.opens({ nextUpdateBy: '2026-11-21T12:30:00Z' })

  it.clock.set('2026-11-21T12:24:59Z')
  await it.ticks()
  expect(await it.rings()).toEqual([])

  it.clock.set('2026-11-21T12:25:00Z')
  await it.ticks()
  await it.ticks()
  expect(await it.rings()).toEqual([`Ada: ${due}`])
  await it.arrives()

  // Nobody reacts, and what was announced comes to pass: the minutes since the first call count on.
  it.clock.set('2026-11-21T12:30:01Z')
  await it.ticks()
  expect(await it.rings()).toEqual([`Ada: ${missed}`])
  await it.arrives()
  it.clock.set('2026-11-21T12:34:59Z')
  await it.ticks()
  expect(await it.rings()).toEqual([])
  it.clock.set('2026-11-21T12:35:00Z')
  await it.ticks()
  expect(await it.rings()).toEqual([`Ben: ${missed}`])
  await it.arrives()

  it.clock.set('2026-11-21T12:37:00Z')
  await it.change(by(ben), (change) =>
    postUpdate(change, incident, { stage: 'identified', body: 'We found the cause.' }),
  )
  await it.ticks()
  expect(await standingAlerts(it.db)).toEqual([])
  // Ada was called and hears once that she need not come; Ben knows.
  expect(await it.rings()).toEqual([`Ada: Ben saw to it. You were called because: ${missed}`])
  await it.arrives()

  it.clock.set('2026-11-21T13:30:00Z')
  expect(await it.rings()).toEqual([])
})

test('who says “I have it” keeps all others from being called, once, and only while it stands', async () => {
  const it = await team()
  const [ada, ben, cy] = [await it.person('Ada', 'owner'), await it.person('Ben'), await it.person('Cy')]
  await it.isCalled(ada)
  await it.isCalled(ben)
  await it.isCalled(cy, { after: 10 })
  const incident = await it.drafts()
  await it.ticks()
  const said = 'The draft “Search does not answer” waits for you. It publishes itself at 12:05.'
  expect(await it.rings()).toEqual([`Ada: ${said}`, `Ben: ${said}`])
  await it.arrives()

  const [alert] = await standingAlerts(it.db)
  it.clock.advance('1m')
  await it.change(by(ben), (change) => takeAlert(change, ben, alert?.id ?? ''))
  await expect(it.change(by(ada), (change) => takeAlert(change, ada, alert?.id ?? ''))).rejects.toThrow(
    'Somebody has it already.',
  )
  expect((await it.events()).at(-1)).toMatchObject({
    type: 'alert.taken',
    actor: { name: 'Ben' },
    data: { kind: 'draft-waiting' },
  })
  await it.ticks()
  expect(await it.rings()).toEqual([`Ada: Ben has it. You were called because: ${said}`])
  await it.arrives()
  expect(await standingAlerts(it.db)).toMatchObject([{ settledBy: ben.id }])

  // Its time is up: that it published itself is another thing.
  it.clock.set('2026-11-21T12:05:00Z')
  await it.ticks()
  expect(await standingAlerts(it.db)).toMatchObject([{ kind: 'opened-by-itself', subject: incident }])
  await expect(it.change(by(ada), (change) => takeAlert(change, ada, alert?.id ?? ''))).rejects.toThrow('This is over')
})
