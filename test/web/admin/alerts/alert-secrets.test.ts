import { expect, test } from 'vitest'
import { targetOf } from '../../../../src/domain/alerts/queries.ts'
import { forgetOldWaySecrets } from '../../../../src/domain/alerts/secrets.ts'
import { type Person, people } from '../../../people.ts'
import { type World, world } from '../../../world.ts'

const page = '/admin/me/alerts'

test('what a webhook is signed with is shown when it is made, and never on its page again', async () => {
  const here = await world()
  const { ada, ben } = await people(here)
  const { shown, target, way } = await isCalledByProgram(here, ben)
  expect(shown.status).toBe(200)
  expect(shown.headers['cache-control']).toBe('no-store')
  const { secret = '' } = await target()
  expect(secretIn(shown.text)).toBe(secret)
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/=]{32,}$/)
  for (const path of [page, `${page}/${way}`]) expect(secretIn((await ben.opens(path)).text)).toBeNull()
  expect((await ada.opens(`${page}/${way}`)).status).toBe(404)
})

test('a new secret is made by a button; for a day both are signed with, and then the old one is forgotten', async () => {
  const here = await world()
  const { ada, ben } = await people(here)
  const { target, way } = await isCalledByProgram(here, ben)
  const { secret: first } = await target()
  expect((await ada.sends(`${page}/${way}/secret`, {}, page)).status).toBe(404)
  const shown = await ben.makes(`${page}/${way}/secret`, {}, `${page}/${way}`)
  expect(shown.headers['cache-control']).toBe('no-store')
  const made = secretIn(shown.text)
  expect(made).not.toBe(first)
  expect(await target()).toMatchObject({ secret: made, secretBefore: first })
  expect(secretIn((await ben.opens(`${page}/${way}`)).text)).toBeNull()
  const log = (await ben.opens('/admin/log')).text
  expect(log).toContain('made a new secret for a way in which Ben is called (webhook)')
  expect(secretIn(log)).toBeNull()

  here.clock.advance('23h')
  await forgetOldWaySecrets(here)
  expect(await target()).toMatchObject({ secretBefore: first })
  here.clock.advance('1h')
  for (const _time of [1, 2]) await forgetOldWaySecrets(here)
  expect(await target()).toEqual({ url: 'https://hooks.example/ben', format: 'standard', secret: made })
})

test('a way that is not signed has no secret to make', async () => {
  const here = await world()
  const { ben } = await people(here)
  const pager = { channel: 'ntfy', url: 'https://ntfy.example/ben', name: 'Pager', afterMinutes: '0' }
  await ben.sends(page, { ...pager, kinds: 'promise-missed' }, page)
  const { id } = await here.db.selectFrom('alert_channels').select('id').executeTakeFirstOrThrow()
  expect((await ben.opens(`${page}/${id}`)).text).not.toContain('/secret')
  expect((await ben.sends(`${page}/${id}/secret`, {}, page)).status).toBe(409)
})

function secretIn(text: string): string | null {
  return /whsec_[\w+/=]+/.exec(text)?.[0] ?? null
}

async function isCalledByProgram(here: World, who: Person) {
  const wish = { channel: 'webhook', url: 'https://hooks.example/ben', name: 'Pager', afterMinutes: '0' }
  const shown = await who.makes(page, { ...wish, kinds: 'promise-missed' }, page)
  const { id: way } = await here.db.selectFrom('alert_channels').select('id').executeTakeFirstOrThrow()
  return { shown, way, target: () => targetOf(here.db, here.vault, way) }
}
