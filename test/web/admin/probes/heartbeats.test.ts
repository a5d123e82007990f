import { expect, test } from 'vitest'
import { listProbes } from '../../../../src/domain/probes/queries.ts'
import { heartbeatWatch } from '../../../../src/outbound/heartbeats/watch.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

async function withHeartbeat() {
  const it = await world()
  const { ada, ben } = await people(it)
  const created = await ada.sends('/admin/probes', {
    kind: 'heartbeat',
    period: '1d',
    grace: '1h',
    name: 'Nightly backup',
  })
  const [probe] = await listProbes(it.db)
  const page = `/admin/probes/${probe?.id}/heartbeat`
  const { app } = await it.app()
  return { it, ada, ben, created, probe, page, app }
}

test('whoever makes a heartbeat is led to where its address is made', async () => {
  const { ada, created, page, probe } = await withHeartbeat()
  expect(created.headers['location']).toBe(`${page}?done=created`)
  expect(probe).toMatchObject({ intervalSeconds: 25 * 3600, failuresNeeded: 1, successesNeeded: 1 })
  const { text } = await ada.opens(page)
  expect(text).toContain('It has not called yet')
  expect(text).toContain('Make its address')
})

test('its address is shown once, works, and stops when another one is made', async () => {
  const { it, ada, page, app } = await withHeartbeat()
  const made = await ada.makes(page, {}, page)
  expect(made.status).toBe(200)
  const [, address = ''] = /value="http:\/\/status\.example(\/hb\/[\w-]{22,})"/.exec(made.text) ?? []
  expect(made.text).toContain(`status.example${address}/start`)
  expect(made.headers['cache-control']).toContain('no-store')
  expect((await app.inject({ url: address })).statusCode).toBe(202)
  await heartbeatWatch(it).look()
  const { text } = await ada.opens(page)
  expect(text).not.toContain(address)
  expect(text).toContain('It calls as expected')
  expect(text).toContain('it called')
  expect(text).toContain('Make a new address')
  await ada.sends(page, {}, page)
  expect((await app.inject({ url: address })).statusCode).toBe(404)
  expect((await it.eventsAfter(0, 100)).filter(({ type }) => type === 'heartbeat.addressed')).toHaveLength(2)
})

test('what it wrote is shown to operators as text', async () => {
  const { ada, page, app } = await withHeartbeat()
  const made = await ada.makes(page, {}, page)
  const [, address = ''] = /value="http:\/\/status\.example(\/hb\/[\w-]+)"/.exec(made.text) ?? []
  await app.inject({ method: 'POST', url: `${address}/3`, payload: '<script>alert(1)</script>' })
  const { text } = await ada.opens(page)
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(text).not.toContain('<script>alert(1)')
})

test('its form asks nothing that belongs to probes that ask, and there is nothing to test', async () => {
  const { ada, probe } = await withHeartbeat()
  const edit = `/admin/probes/${probe?.id}`
  const { text } = await ada.opens(edit)
  expect(text).toContain('It calls every')
  for (const words of ['Checked every', 'Test now', 'What must be so', 'Time limit']) expect(text).not.toContain(words)
  const tested = await ada.sends('/admin/probes/test', { kind: 'heartbeat', period: '1d' }, edit)
  expect(tested.status).toBe(422)
  const changed = await ada.sends(
    edit,
    { kind: 'heartbeat', cron: '0 3 * * *', zone: 'Europe/Lisbon', grace: '1h' },
    edit,
  )
  expect(changed.status).toBe(303)
  expect((await ada.sends(edit, { kind: 'heartbeat', cron: '@reboot' }, edit)).text).toContain('has no time')
})

test('a responder neither sees nor makes an address', async () => {
  const { ben, page } = await withHeartbeat()
  expect((await ben.opens(page)).status).toBe(403)
  expect((await ben.sends(page, {}, '/admin')).status).toBe(403)
})

test('a line of cron is all that a new heartbeat needs: no other rhythm stands there already', async () => {
  const { ada } = await withHeartbeat()
  const form = '/admin/probes/new?kind=heartbeat'
  const { text } = await ada.opens(form)
  expect(text).toMatch(/name="period"[^>]*value=""/)
  const typed = { kind: 'heartbeat', name: 'Backup', period: '', cron: '30 3 * * *', grace: '5m' }
  expect((await ada.sends('/admin/probes', typed, form)).status).toBe(303)
})
