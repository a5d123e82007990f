import { expect, test } from 'vitest'
import { changeRole, disableAccount } from '../../../src/domain/accounts/commands.ts'
import { orphaned, unreachable } from '../../../src/domain/alerts/escalating.ts'
import { takeAlert } from '../../../src/domain/alerts/settling.ts'
import { standingAlerts } from '../../../src/domain/alerts/queries.ts'
import { dismissDraft } from '../../../src/domain/incidents/drafts.ts'
import { type Team, by, team } from './team.ts'

const draft = 'The draft “Search does not answer” waits for you. It publishes itself at 12:05.'

/** So many drafts within as many seconds, named A, B, C … */
async function storm(it: Team, count: number, from = 0): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < count; index++) {
    ids.push(await it.drafts({ name: String.fromCharCode(65 + from + index), publishesAt: null }))
    it.clock.advance('1s')
  }
  return ids
}

test('those who may not publish are not called for what waits to be published, nor those who cannot come in any more', async () => {
  const it = await team()
  const boss = await it.person('Boss', 'owner')
  const [ada, ben, cy] = [await it.person('Ada'), await it.person('Ben'), await it.person('Cy')]
  for (const person of [ada, ben, cy]) await it.isCalled(person, { kinds: ['draft-waiting'] })
  await it.change(by(boss), (change) => changeRole(change, ben.id, { role: 'author' }))
  await it.change(by(boss), (change) => disableAccount(change, cy.id))
  await it.drafts()
  await it.ticks()
  expect(await it.rings()).toEqual([`Ada: ${draft}`])
})

test('who is called for a draft reads in the letter what it would say', async () => {
  const it = await team()
  await it.isCalled(await it.person('Ada'), { kinds: ['draft-waiting'] })
  const id = await it.drafts()
  const { body } = await it.db
    .selectFrom('updates')
    .select('body')
    .where('incident_id', '=', id)
    .executeTakeFirstOrThrow()
  await it.ticks()
  const { payload } = await it.db.selectFrom('messages').select('payload').executeTakeFirstOrThrow()
  expect(JSON.parse(payload)).toMatchObject({ data: { detail: body } })
})

test('who is called later is not told what a draft said when it began', async () => {
  const it = await team()
  await it.isCalled(await it.person('Ada'), { kinds: ['draft-waiting'], after: 2 })
  await it.drafts({ publishesAt: null })
  await it.ticks()
  const { payload } = await it.db.selectFrom('messages').select('payload').executeTakeFirstOrThrow()
  expect(JSON.parse(payload)).not.toHaveProperty('data.detail')
})

test('a person has several ways, each for other things and after other minutes', async () => {
  const it = await team()
  const ada = await it.person('Ada', 'owner')
  await it.isCalled(ada, { kinds: ['draft-waiting'], after: 2 })
  await it.isCalled(ada, { kinds: ['backup-failed'] })
  await it.drafts({ publishesAt: null })
  await it.ticks()
  expect(await it.rings()).toEqual([])
  it.clock.advance('2m')
  expect(await it.rings()).toHaveLength(1)
})

test('who chose nothing is not called once anybody chose; before that owners and admins get mail, if there is mail', async () => {
  const mailed = await team({ offered: ['email', 'webhook'] })
  await mailed.person('Olga', 'owner')
  const adam = await mailed.person('Adam', 'admin')
  await mailed.person('Rita')
  await mailed.drafts()
  await mailed.ticks()
  expect(await mailed.rings()).toEqual([`Adam: ${draft}`, `Olga: ${draft}`])
  await mailed.arrives()
  await mailed.isCalled(adam)
  await mailed.drafts({ name: 'Another', publishesAt: null })
  await mailed.ticks()
  expect(await mailed.rings()).toEqual(['Adam: The draft “Another” waits for you.'])

  const silent = await team({ offered: ['webhook'] })
  await silent.person('Olga', 'owner')
  await silent.drafts()
  await silent.ticks()
  expect(await silent.rings()).toEqual([])
  // The desk knows all the same.
  expect(await standingAlerts(silent.db)).toHaveLength(1)
})

test('many at once ring once for all, and are seen one by one', async () => {
  const it = await team()
  const ada = await it.person('Ada', 'owner')
  await it.isCalled(ada)
  await storm(it, 20)
  await it.ticks()
  expect(await it.rings()).toEqual([
    'Ada: The draft “A” waits for you.',
    'Ada: The draft “B” waits for you.',
    'Ada: 18 at once. The draft “C” waits for you. The draft “D” waits for you. And 16 more.',
  ])
  expect(await standingAlerts(it.db)).toHaveLength(20)
})

test('what comes one after the other within a minute joins those before; a minute later it rings again', async () => {
  const it = await team()
  const ada = await it.person('Ada', 'owner')
  await it.isCalled(ada)
  for (let second = 0; second < 8; second++) {
    await storm(it, 1, second)
    await it.ticks()
    it.clock.advance('2s')
  }
  expect(await it.rings()).toEqual([
    'Ada: The draft “A” waits for you.',
    'Ada: The draft “B” waits for you.',
    'Ada: The draft “C” waits for you.',
    'Ada: The draft “D” waits for you.',
  ])
  it.clock.advance('2m')
  await storm(it, 1, 8)
  await it.ticks()
  expect(await it.rings()).toHaveLength(5)
})

test('a call for many is settled when each of them is, and not before', async () => {
  const it = await team()
  const [ada, ben] = [await it.person('Ada', 'owner'), await it.person('Ben')]
  await it.isCalled(ben, { after: 10 })
  const drafts = await storm(it, 6)
  await it.ticks()
  for (const id of drafts.slice(0, 5)) await it.change(by(ada), (change) => dismissDraft(change, id))
  await it.ticks()
  it.clock.advance('10m')
  const many = await it.rings()
  expect(many).toHaveLength(1)
  expect(many[0]).toContain('4 at once')
  const [last] = await standingAlerts(it.db)
  await it.change(by(ada), (change) => takeAlert(change, ada, last?.id ?? ''))
  expect(await it.rings()).toEqual([])
  for (const id of drafts.slice(5)) await it.change(by(ada), (change) => dismissDraft(change, id))
  await it.ticks()
  const open = await it.db.selectFrom('alerts').select('id').where('over_at', 'is', null).execute()
  expect(open).toEqual([])
})

test('two processes that look at the same time call once', async () => {
  const it = await team()
  const ada = await it.person('Ada', 'owner')
  await it.isCalled(ada)
  await it.drafts()
  await Promise.all([it.ticks(), it.ticks(), it.ticks()])
  expect(await it.rings()).toHaveLength(1)
})

test('nobody waits for who cannot be called: the next is called at once, and the last resort is a mail to owners and admins', async () => {
  const it = await team({ offered: ['email', 'webhook'] })
  await it.person('Olga', 'owner')
  const [ada, ben] = [await it.person('Ada'), await it.person('Ben')]
  const [hers, his] = [await it.isCalled(ada), await it.isCalled(ben, { after: 15 })]
  const breaks = (id: string) =>
    it.db
      .updateTable('alert_channels')
      .set({ disabled_at: it.clock.now(), disabled_because: 'gone' })
      .where('id', '=', id)
      .execute()
  await breaks(hers)
  expect((await unreachable(it.db, ['webhook'])).map(({ name }) => name)).toEqual(['Ada'])
  await it.drafts({ publishesAt: null })
  await it.ticks()
  expect(await it.rings()).toEqual(['Ben: The draft “Search does not answer” waits for you.'])
  await it.arrives()

  await breaks(his)
  await it.drafts({ name: 'Another', publishesAt: null })
  await it.ticks()
  expect(await it.rings()).toEqual(['Olga: The draft “Another” waits for you.'])
  // A way that this installation does not know any more is broken as well.
  expect((await unreachable(it.db, [])).map(({ name }) => name)).toEqual(['Ada', 'Ben'])
})

test('where whoever chose something may not see to it any more, owners and admins get a mail', async () => {
  const it = await team({ offered: ['email', 'webhook'] })
  const boss = await it.person('Boss', 'owner')
  const ada = await it.person('Ada')
  await it.isCalled(ada, { kinds: ['draft-waiting'] })
  await it.change(by(boss), (change) => changeRole(change, ada.id, { role: 'author' }))
  await it.drafts({ publishesAt: null })
  await it.ticks()
  expect(await it.rings()).toEqual(['Boss: The draft “Search does not answer” waits for you.'])
})

test('where whoever alone chose something has left the team, owners and admins get a mail', async () => {
  const it = await team({ offered: ['email', 'webhook'] })
  const boss = await it.person('Boss', 'owner')
  const [ada, ben] = [await it.person('Ada'), await it.person('Ben')]
  await it.isCalled(ada, { kinds: ['draft-waiting'] })
  await it.isCalled(ben, { kinds: ['promise-due'] })
  await it.change(by(boss), (change) => disableAccount(change, ada.id))
  await it.drafts({ publishesAt: null })
  await it.ticks()
  expect(await it.rings()).toEqual(['Boss: The draft “Search does not answer” waits for you.'])
  expect(await orphaned(it.db, ['email', 'webhook'])).toEqual([])
  // Where none is sent, it is said. What nobody ever chose is a choice.
  expect(await orphaned(it.db, ['webhook'])).toEqual(['draft-waiting'])
})
