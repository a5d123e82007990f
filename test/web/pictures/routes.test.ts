import { expect, test } from 'vitest'
import { setComponentStatus } from '../../../src/domain/components/commands.ts'
import { northwind } from '../northwind.ts'

const signature = '89504e470d0a1a0a'

test('the picture of the page is a PNG of the size that others show, and a new one only when it shows something else', async () => {
  const here = await northwind()
  const { app, publication } = await here.app()
  const first = await app.inject('/picture.png')
  expect(first.statusCode).toBe(200)
  expect(first.headers).toMatchObject({ 'content-type': 'image/png', 'cross-origin-resource-policy': 'cross-origin' })
  expect(first.rawPayload.subarray(0, 8).toString('hex')).toBe(signature)
  expect([first.rawPayload.readUInt32BE(16), first.rawPayload.readUInt32BE(20)]).toEqual([1200, 630])
  expect(first.rawPayload.length).toBeLessThan(150_000)

  here.clock.advance('10m')
  await publication.catchUp()
  expect((await app.inject('/picture.png')).headers.etag).toBe(first.headers.etag)

  await here.does((it) => setComponentStatus(it, here.payouts, { status: 'major_outage' }))
  await publication.catchUp()
  const second = await app.inject('/picture.png')
  expect(second.headers.etag).not.toBe(first.headers.etag)
  expect((await app.inject('/fa/picture.png')).headers.etag).not.toBe(second.headers.etag)
})

test('each incident has a picture, and what is none has none', async () => {
  const here = await northwind()
  const { app } = await here.app()
  const [incident] = (await here.readSnapshot()).recentIncidents
  const painted = await app.inject(`/fr/incidents/${incident?.id}/picture.png`)
  expect(painted.rawPayload.subarray(0, 8).toString('hex')).toBe(signature)
  expect((await app.inject('/incidents/nothing/picture.png')).statusCode).toBe(404)
})
