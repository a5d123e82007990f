import { expect, test } from 'vitest'
import { listPlaces } from '../../../../src/domain/places/queries.ts'
import { readProbe } from '../../../../src/domain/probes/queries.ts'
import { batchOf, takeResults } from '../../../../src/outbound/probing/take-results.ts'
import { watched } from '../../../domain/probes/watched.ts'
import { people } from '../../../people.ts'

const list = '/admin/probes/places'

async function desk() {
  const it = await watched()
  const { ada } = await people(it.it)
  return { ...it, ada }
}

test('where there is only this machine, the page says why that is little, and adds another with the exact command', async () => {
  const { ada, db } = await desk()
  const page = (await ada.opens(list)).text
  expect(page).toContain('from this machine only')
  expect(page).toContain('until an owner trusts it')
  const added = await ada.makes(list, { name: 'Lisbon' }, list)
  expect(added.status).toBe(200)
  expect(added.text).toMatch(
    /npx candor probe-agent --server http:\/\/status\.example --token candor_place_1_[\w-]{20,}/,
  )
  const again = (await ada.opens(list)).text
  expect(again).not.toContain('candor_place_1_')
  expect(again).toContain('waits for its agent to be started')
  expect((await listPlaces(db)).map(({ name }) => name)).toEqual(['Here', 'Lisbon'])
})

test('a name that stands already is refused beside its field', async () => {
  const { ada } = await desk()
  await ada.sends(list, { name: 'Lisbon' }, list)
  const refused = await ada.sends(list, { name: 'Lisbon' }, list)
  expect(refused.status).toBe(409)
  expect(refused.text).toContain('id="name-wrong"')
})

test('a place is renamed and revoked', async () => {
  const { ada, db } = await desk()
  await ada.sends(list, { name: 'Lisbon' }, list)
  await ada.sends(`${list}/1/rename`, { name: 'Porto' }, list)
  expect((await listPlaces(db)).map(({ name }) => name)).toEqual(['Here', 'Porto'])
  expect((await ada.sends(`${list}/1/revoke`, {}, list)).headers['location']).toBe(`${list}?done=revoked`)
  expect((await listPlaces(db)).map(({ name }) => name)).toEqual(['Here'])
  expect((await ada.sends(`${list}/x/revoke`, {}, list)).status).toBe(404)
})

test('a clock that is far off is told, in words', async () => {
  const { ada, db, clock } = await desk()
  await ada.sends(list, { name: 'Lisbon' }, list)
  await db.updateTable('places').set({ heard_at: clock.now(), clock_ms: -3_600_000 }).where('number', '=', 1).execute()
  const page = (await ada.opens(list)).text
  expect(page).toContain('its clock is 60 minutes behind; its checks are dated by ours')
  expect(page).toContain('Checking')
})

test('a probe shows what each place finds, and is checked from those that are ticked', async () => {
  const { ada, it, id, finds } = await desk()
  await ada.sends(list, { name: 'Lisbon' }, list)
  await finds('ppp')
  for (let count = 0; count < 3; count += 1) {
    it.clock.advance('10s')
    const result = { probeId: id, ageMs: 0, outcome: 'fail', reason: 'timeout', ms: 5, code: null } as const
    await takeResults(it, batchOf([result], it.clock), 1)
  }
  expect((await ada.opens('/admin/probes')).text).toContain('down from 1 of 2 places')
  const page = (await ada.opens(`/admin/probes/${id}`)).text
  expect(page).toContain('From each place')
  expect(page).toContain('no answer within the time limit')
  await ada.sends(`/admin/probes/${id}/places`, { places: '1' }, `/admin/probes/${id}`)
  expect((await readProbe(it.db, id)).places).toEqual([1])
  for (const places of ['x', '1e99', '99999999999']) {
    expect((await ada.sends(`/admin/probes/${id}/places`, { places }, `/admin/probes/${id}`)).status).toBe(404)
  }
  expect((await ada.opens(`/admin/probes/${id}`)).text).toContain('not checked from here')
  await ada.sends(`/admin/probes/${id}/places`, { places: ['0', '1'] }, `/admin/probes/${id}`)
  expect((await readProbe(it.db, id)).places).toBeNull()
  expect((await ada.sends(`/admin/probes/${id}/places`, {}, `/admin/probes/${id}`)).status).toBe(409)
})
