import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { pauseProbe } from '../../../src/domain/probes/commands.ts'
import { readState } from '../../../src/domain/probes/verdicts/states.ts'
import { readQuestion } from '../../../src/domain/probes/rules.ts'
import { listProbes } from '../../../src/domain/probes/queries.ts'
import { authority } from '../../lib/authority.ts'
import { people } from '../../people.ts'
import type { World } from '../../world.ts'
import { happened, liveWorld, service, until, watches } from './live.ts'

test('“Test now” answers with status and phases, through the same guard', async () => {
  const { prober } = await liveWorld()
  const shop = await service()
  shop.answers((response) => response.writeHead(418).end('a secret body'))
  const found = await prober.testNow(readQuestion({ url: shop.url }))
  expect(found).toMatchObject({ outcome: 'fail', reason: 'status', code: 418, phases: { tls: null } })
  expect(JSON.stringify(found)).not.toContain('secret')
  expect(await prober.testNow(readQuestion({ url: 'http://169.254.169.254/' }))).toMatchObject({
    outcome: 'inconclusive',
    reason: 'blocked',
  })
})

test('the desk says of a test what was answered, how long each part took, whose certificate it was and what would follow', async () => {
  const it = await liveWorld()
  const { ada } = await people(it as unknown as World)
  const root = authority('Northwind CA')
  const server = createServer(root.issue({ names: ['127.0.0.1'], until: 20 }), (_request, response) =>
    response.writeHead(503).end('no'),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const tested = async (authorities: string) => {
    const form = { kind: 'http', url, authority: authorities, policy: 'publish', downStatus: 'partial_outage' }
    const { status, text } = await ada.sends('/admin/probes/test', form, '/admin/probes/new?kind=http')
    expect(status).toBe(200)
    return (
      /<section class="result[\s\S]*?<\/section>/
        .exec(text)?.[0]
        .replaceAll(/<[^>]+>|\s+/g, ' ')
        .replaceAll(/ +/g, ' ') ?? ''
    )
  }
  const trusted = await tested(root.cert)
  expect(trusted).toContain('This counts as a failure: it answered 503.')
  expect(trusted).toMatch(/Name found .*\d+ ms .*Connected .*\d+ ms .*Encrypted .*\d+ ms .*First byte .*\d+ ms/)
  expect(trusted).toMatch(/Certificate of 127\.0\.0\.1, from Northwind CA, valid until [^.]+\. /)
  expect(trusted).toMatch(/the system would show “Partly down”, and an incident would be published at once\./)
  const stranger = await tested('')
  expect(stranger).toContain('This counts as a failure: its certificate is not valid for it.')
  expect(stranger).toContain('It is not trusted: ')
  expect(await listProbes(it.db)).toEqual([])
})

test('a test that goes wrong here is our own fault, and ends no other check', async () => {
  const { prober } = await liveWorld()
  const unknown = { ...readQuestion({ url: 'http://127.0.0.1/' }), kind: 'of a newer version' as 'http' }
  expect(await prober.testNow(unknown)).toMatchObject({ outcome: 'inconclusive', reason: 'prober' })
})

test('the prober says that it is alive, and a paused probe is not checked', { timeout: 40_000 }, async () => {
  const it = await liveWorld()
  const shop = await service()
  await until('it is alive', () => it.prober.lastTickAt !== null)
  const { probeId } = await watches(it, 'Search', { url: shop.url })
  await it.change({ kind: 'command', name: 'test' }, (change) => pauseProbe(change, probeId))
  const ticked = it.prober.lastTickAt
  await until('the worker knows', () => it.prober.lastTickAt !== ticked)
  const before = shop.asked
  const later = it.prober.lastTickAt!
  await until('three seconds went by', () => Date.parse(it.prober.lastTickAt!) - Date.parse(later) > 2900)
  expect(shop.asked - before).toBeLessThanOrEqual(1)
})

test('a blocked target is our decision, not its failure', { timeout: 40_000 }, async () => {
  const it = await liveWorld()
  const shop = await service()
  const { probeId, componentId } = await watches(it, 'Search', { url: shop.url, policy: 'publish' })
  await it.db
    .updateTable('probes')
    .set({
      spec: JSON.stringify({
        ...JSON.parse((await it.db.selectFrom('probes').select('spec').executeTakeFirstOrThrow()).spec),
        url: 'http://10.0.0.1/',
      }),
    })
    .execute()
  await it.change({ kind: 'command', name: 'test' }, (change) =>
    change.record({ type: 'probe.changed', subject: probeId, data: { name: 'Search', fields: ['spec'] } }),
  )
  await until('it is blocked', async () => (await readState(it.db, probeId))?.last?.reason === 'blocked')
  await until(
    'it is not measured',
    async () => (await it.readSnapshot()).components.find(({ id }) => id === componentId)?.status === 'unknown',
  )
  expect(await happened(it, 'incident.')).toEqual([])
})

test('a stop waits for nothing that hangs', { timeout: 40_000 }, async () => {
  const it = await liveWorld()
  const shop = await service()
  const { probeId } = await watches(it, 'Search', { url: shop.url, timeoutMs: 9000 })
  shop.answers(() => undefined)
  const before = shop.asked
  await until('it hangs', () => shop.asked > before)
  await it.prober.stop()
  expect((await readState(it.db, probeId))?.last).toMatchObject({ outcome: 'inconclusive', reason: 'stopped' })
})

test('a worker that dies is started again, and checks again', async () => {
  const it = await liveWorld()
  const shop = await service()
  const { probeId } = await watches(it, 'Search', { url: shop.url })
  const sets = (spec: string): Promise<unknown> =>
    it.change({ kind: 'command', name: 'test' }, async (change) => {
      await change.tx.updateTable('probes').set({ spec }).execute()
      await change.record({ type: 'probe.changed', subject: probeId, data: { name: 'Search', fields: ['spec'] } })
    })
  const { spec } = await it.db.selectFrom('probes').select('spec').executeTakeFirstOrThrow()
  // No form lets this through; it stands for any bug that ends the thread.
  await sets('null')
  await until('it is silent', () => Date.now() - Date.parse(it.prober.lastTickAt!) > 2500)
  await sets(spec)
  const before = shop.asked
  await until('it checks again', () => shop.asked > before)
  await until('it is alive', () => Date.now() - Date.parse(it.prober.lastTickAt!) < 1000)
  expect(shop.asked).toBeGreaterThan(before)
})
