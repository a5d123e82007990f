import { expect, test } from 'vitest'
import { createAccount } from '../../../src/domain/accounts/commands.ts'
import type { Role } from '../../../src/domain/accounts/account.ts'
import { addPlace } from '../../../src/domain/places/commands.ts'
import { distrustPlace, trustPlace } from '../../../src/domain/places/trusting.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { changeProbe, createProbe } from '../../../src/domain/probes/commands.ts'
import { allJobs } from '../../../src/outbound/probing/jobs.ts'
import { people } from '../../people.ts'
import { type World, world } from '../../world.ts'

const setup = { kind: 'setup' } as const

/** A probe with a secret and one without, and a place. */
async function placed(it: World) {
  const componentId = await it.change(setup, (change) => createComponent(change, { name: 'Shop' }))
  const watch = { componentId, url: 'https://shop.example' }
  const bare = await it.change(setup, (change) => createProbe(change, { ...watch, name: 'Front' }))
  const secret = await it.change(setup, (change) =>
    createProbe(change, { ...watch, name: 'Till', bearer: 'heron-7f3' }),
  )
  const { number } = await it.change(setup, (change) => addPlace(change, { name: 'Lisbon' }))
  return { bare, secret, number, told: () => allJobs(it, number) }
}

async function somebody(it: World, role: Role) {
  const name = `the ${role}`
  const id = await it.change(setup, (change) =>
    createAccount(change, { email: `${role}@example.org`, name, role, passwordHash: 'nothing' }),
  )
  return { kind: 'operator', id, name } as const
}

test('a new place is told no secret, and not of what has one, until an owner trusts it', async () => {
  const it = await world()
  const { bare, secret, number, told } = await placed(it)
  expect((await told()).map(({ id }) => id)).toEqual([bare])
  expect((await allJobs(it, 0)).map(({ id }) => id).toSorted()).toEqual([bare, secret].toSorted())
  const owner = await somebody(it, 'owner')
  await it.change(owner, (change) => trustPlace(change, number))
  expect(JSON.stringify(await told())).toContain('heron-7f3')
  await it.change(owner, (change) => distrustPlace(change, number))
  expect((await told()).map(({ id }) => id)).toEqual([bare])
})

test('neither an admin nor a token trusts a place; an admin may take trust back; this machine keeps it', async () => {
  const it = await world()
  const { number, told } = await placed(it)
  await somebody(it, 'owner')
  const admin = await somebody(it, 'admin')
  for (const actor of [admin, { kind: 'token', id: 'none', name: 'A program' } as const]) {
    await expect(it.change(actor, (change) => trustPlace(change, number))).rejects.toThrow('Only an owner')
  }
  expect(await told()).toHaveLength(1)
  await it.change(setup, (change) => trustPlace(change, number))
  await it.change(admin, (change) => distrustPlace(change, number))
  expect(await told()).toHaveLength(1)
  await expect(it.change(setup, (change) => distrustPlace(change, 0))).rejects.toThrow('keeps the secrets')
})

test('the desk says what a place is not told, and lets an owner trust it; the log says who did', async () => {
  const it = await world()
  const { ada } = await people(it)
  const { secret } = await placed(it)
  const before = (await ada.opens('/admin/probes/places')).text
  expect(before).toContain('told no secrets: a probe that has some is not checked from here')
  expect((await ada.opens(`/admin/probes/${secret}`)).text).toContain('it is not trusted with secrets')
  const trusted = await ada.sends('/admin/probes/places/1/trust', {}, '/admin/probes/places')
  expect([trusted.status, trusted.headers['location']]).toEqual([303, '/admin/probes/places?done=trusted'])
  expect((await ada.opens('/admin/probes/places')).text).toContain('told the secrets of probes since')
  expect((await ada.opens(`/admin/probes/${secret}`)).text).not.toContain('it is not trusted with secrets')
  expect((await ada.opens('/admin/log')).text).toContain('trusted the place “Lisbon” with the secrets of probes')
  await ada.sends('/admin/probes/places/1/distrust', {}, '/admin/probes/places')
  expect((await ada.opens('/admin/log')).text).toContain('no longer tells the place “Lisbon” the secrets of probes')
})

test('a secret that is given while a place asks is not told either', async () => {
  const it = await world()
  const { bare, number } = await placed(it)
  let answers = 0
  const meanwhile = it.db.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      answers += 1
      // What it must not be told was just asked.
      if (answers === 2)
        await it.change(setup, (change) =>
          changeProbe(change, bare, { url: 'https://shop.example', bearer: 'heron-9c1' }),
        )
      return result
    },
  })
  expect(JSON.stringify(await allJobs({ ...it, db: meanwhile }, number))).not.toContain('heron-9c1')
})
