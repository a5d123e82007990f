import { expect, test } from 'vitest'
import type { Change } from '../../../src/domain/changes/change.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { eventsAfter } from '../../../src/domain/changes/log.ts'
import { changeProbe, createProbe, removeProbe } from '../../../src/domain/probes/commands.ts'
import type { NewProbe, ProbeChanges } from '../../../src/domain/probes/input.ts'
import { listProbes, readProbe } from '../../../src/domain/probes/queries.ts'
import { readQuestion } from '../../../src/domain/probes/rules.ts'
import { keptOf, questionsOf } from '../../../src/domain/probes/secrets.ts'
import { Invalid } from '../../../src/lib/errors.ts'
import { vault } from '../../../src/lib/vault.ts'
import { world } from '../../world.ts'

const url = 'https://shop.test/health'
const signingIn = {
  url,
  method: 'POST',
  user: 'candor',
  password: 'heron-password',
  headers: [{ name: 'X-Api-Key', value: 'heron-header' }],
  body: 'heron-body',
}
/** The form as it comes back when nobody typed a secret again. */
const untouched = {
  url,
  method: 'POST',
  user: 'candor',
  headers: [{ name: 'x-api-key', value: null }],
}

async function watching(input: Omit<NewProbe, 'componentId'> = signingIn) {
  const it = await world()
  const does = <T>(work: (change: Change) => Promise<T>) => it.change({ kind: 'command', name: 'test' }, work)
  const id = await does(async (change) => {
    const componentId = await createComponent(change, { name: 'Shop' })
    return createProbe(change, { ...input, componentId })
  })
  return {
    ...it,
    id,
    changes: (to: ProbeChanges) => does((change) => changeProbe(change, id, to)),
    removes: () => does((change) => removeProbe(change, id)),
    /** What the prober is told, with this key. */
    question: async (key = it.vault) => (await questionsOf(it.db, key, await listProbes(it.db))).get(id),
    rows: async () => JSON.stringify(await it.db.selectFrom('probes').selectAll().execute()),
    sealed: () => it.db.selectFrom('probe_secrets').select(['name', 'sealed']).orderBy('name').execute(),
  }
}

test('where nothing is asked there are no questions', async () => {
  const { db, vault } = await world()
  expect(await questionsOf(db, vault, [])).toEqual(new Map())
})

/** The field at fault. */
async function faultOf(work: Promise<unknown>): Promise<string | null> {
  return work.then(
    () => 'nothing',
    (error: unknown) => {
      if (error instanceof Invalid) return error.field
      throw error
    },
  )
}

test('secrets stand sealed in a table of their own, and whole only before the prober', async () => {
  const { rows, sealed, question } = await watching()
  expect(await rows()).not.toContain('heron')
  expect((await sealed()).map(({ name }) => name)).toEqual(['body', 'headers.x-api-key', 'password'])
  expect(JSON.stringify(await sealed())).not.toContain('heron')
  expect((await question())?.spec).toMatchObject({
    password: 'heron-password',
    body: 'heron-body',
    headers: { 'x-api-key': 'heron-header' },
  })
})

test('what is sealed for one probe does not open for another, nor for another field', async () => {
  const { db, id, question } = await watching()
  const password = await db.selectFrom('probe_secrets').selectAll().where('name', '=', 'password').executeTakeFirst()
  await db
    .updateTable('probe_secrets')
    .set({ sealed: password?.sealed ?? '' })
    .where('probe_id', '=', id)
    .where('name', '=', 'headers.x-api-key')
    .execute()
  expect(await question()).toMatchObject({ locked: 'yes' })
})

test('changing a probe without typing its secrets again keeps them', async () => {
  const { changes, question, db, id } = await watching()
  await changes({ ...untouched, intervalSeconds: 120, url: 'https://shop.test/other' })
  expect((await readProbe(db, id)).intervalSeconds).toBe(120)
  expect((await question())?.spec).toMatchObject({
    ...signingIn,
    url: 'https://shop.test/other',
    headers: expect.anything() as object,
  })
})

test('a change that changes nothing is none, although no secret was typed again', async () => {
  const it = await watching()
  const before = (await eventsAfter(it.db, 0, 100)).length
  await it.changes(untouched)
  expect((await eventsAfter(it.db, 0, 100)).length).toBe(before)
})

test.each<[string, ProbeChanges]>([
  ['another host', { url: 'https://thief.test/' }],
  ['another port', { url: 'https://shop.test:8443/' }],
  ['no encryption', { url: 'http://shop.test/health' }],
  ['a certificate that nobody has to trust', { verifyTls: 'no' }],
  ['a proxy', { proxy: 'http://thief.test:3128' }],
])('%s: secrets that were meant for where it went before have to be given again', async (_name, to) => {
  const { changes, question, rows, vault: key, db, id } = await watching()
  const before = await rows()
  expect(await faultOf(changes({ ...untouched, ...to }))).toBe('headers')
  expect(await rows()).toBe(before)
  // A test that is never saved would be as good a way out.
  const kept = await keptOf(db, key, await readProbe(db, id))
  const all = /goes elsewhere.*Give again or remove: Headers, Body, Password\.$/
  expect(() => readQuestion({ ...untouched, ...to }, kept)).toThrow(all)
  await changes({ ...signingIn, password: 'heron-anew', ...to })
  expect((await question())?.spec).toMatchObject({ password: 'heron-anew' })
})

test('where tokens are given is bound as well', async () => {
  const grant = { url, grantUrl: 'https://login.test/token', clientId: 'candor' }
  const { changes } = await watching({ ...grant, clientSecret: 'heron-client' })
  expect(await faultOf(changes({ ...grant, intervalSeconds: 120 }))).toBe('nothing')
  expect(await faultOf(changes({ ...grant, grantUrl: 'https://thief.test/token' }))).toBe('clientSecret')
})

test('a browser takes its secret to the page that it was meant for, not to one that leads elsewhere', async () => {
  const visit = {
    kind: 'browser',
    url: 'https://shop.test/sign-in',
    script: 'fill "Password" with "{secret}"\nexpect "Hello"',
  }
  const { changes } = await watching({ ...visit, secret: 'heron-visit' })
  expect(await faultOf(changes({ ...visit, intervalSeconds: 600 }))).toBe('nothing')
  const leaving = 'https://shop.test/leave?to=https://thief.test/'
  expect(await faultOf(changes({ ...visit, url: leaving }))).toBe('secret')
  expect(await faultOf(changes({ ...visit, script: `open /leave\n${visit.script}` }))).toBe('secret')
})

test('a secret is removed on demand, and then may go anywhere', async () => {
  const { changes, sealed } = await watching()
  await changes({ url: 'https://elsewhere.test/', method: 'POST', forget: ['password', 'body'] })
  expect(await sealed()).toEqual([])
})

test('a removed probe leaves no secret behind', async () => {
  const { removes, sealed } = await watching()
  await removes()
  expect(await sealed()).toEqual([])
})

test('on a machine without the key nothing is asked, and the form says what to do', async () => {
  const it = await watching()
  const other = vault('the key of another machine')
  expect(await it.question(other)).toMatchObject({ locked: 'yes', spec: { password: null } })
  const kept = await keptOf(it.db, other, await readProbe(it.db, it.id))
  expect(() => readQuestion(untouched, kept)).toThrow(/key of another machine/)
  expect(readQuestion(signingIn, kept).spec).toMatchObject({ password: 'heron-password' })
})

test('the log knows the names of fields, and nothing else of them', async () => {
  const it = await watching()
  await it.changes({ ...signingIn, password: 'heron-anew' })
  const events = await eventsAfter(it.db, 0, 100)
  expect(events.at(-1)).toMatchObject({ type: 'probe.changed', data: { fields: ['spec'] } })
  expect(JSON.stringify(events)).not.toContain('heron')
})
