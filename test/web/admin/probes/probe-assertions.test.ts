import { expect, onTestFinished, test } from 'vitest'
import { printAssertions } from '../../../../src/domain/probes/assertions/text.ts'
import type { Question } from '../../../../src/domain/probes/question.ts'
import { listProbes } from '../../../../src/domain/probes/queries.ts'
import { type AppOptions, buildApp } from '../../../../src/app.ts'
import { judgedInFull } from '../../../../src/domain/probes/verdicts/judging.ts'
import { people } from '../../../people.ts'
import { type World, world } from '../../../world.ts'

const form = { kind: 'http', url: 'https://shop.test/health' }

test('what must be so is kept, with what is usual, and shown again as it is read', async () => {
  const it = await world()
  const { ada } = await people(it)
  await ada.sends('/admin/probes', { ...form, assertions: 'json($.n)>=3\n\nlatency<0.5s' })
  const [probe] = await listProbes(it.db)
  expect(printAssertions(probe?.expects.assertions ?? [])).toBe('status in 200-299\njson($.n) >= 3\nlatency < 500ms')
  const { text } = await ada.opens(`/admin/probes/${probe?.id}`)
  expect(text).toContain('status in 200-299\njson($.n) &gt;= 3\nlatency &lt; 500ms</textarea>')
})

test.each([
  ['status in 200\nbody contains ok', 'Line 2, at “ok”: expected a text in double quotes'],
  ['loss <= 20%', 'Line 1: the answers that this probe asks for (HTTP or HTTPS) bring no loss'],
])('%j is refused beside its field, with its place', async (assertions, words) => {
  const { ada } = await people(await world())
  const { status, text } = await ada.sends('/admin/probes', { ...form, assertions })
  expect(status).toBe(422)
  expect(text).toContain('id="assertions-wrong"')
  expect(text).toContain(words)
})

test('what can never fail is said, and not refused', async () => {
  const it = await world()
  const { ada } = await people(it)
  const { status } = await ada.sends('/admin/probes', { ...form, assertions: 'latency < 30s' })
  expect(status).toBe(303)
  const [probe] = await listProbes(it.db)
  const { text } = await ada.opens(`/admin/probes/${probe?.id}`)
  expect(text).toContain('“latency &lt; 30s” can never fail: nothing takes longer than the time limit of 10 s.')
})

test('whoever tests sees what stood there, as text', async () => {
  const it: World = await world()
  const made = appThatFinds(it, '<b>lost</b>')
  const tested: World = { ...it, app: () => made }
  const { ada } = await people(tested)
  const page = '/admin/probes/new?kind=http'
  const lines = 'status in 200\nbody contains "well"\njson($.n) == 0'
  const { text } = await ada.sends(
    '/admin/probes/test',
    { ...form, downStatus: 'major_outage', assertions: lines },
    page,
  )
  expect(text).toContain('Does not hold')
  expect(text).toContain('there: “&lt;b&gt;lost&lt;/b&gt;”')
  expect(text).toContain('Cannot be answered')
})

test('a test says what would follow also where the form left that out', async () => {
  const it: World = await world()
  const made = appThatFinds(it, 'ill')
  const { ada } = await people({ ...it, app: () => made })
  const sent = { kind: 'http', url: 'https://shop.test/', assertions: 'body contains "well"' }
  const { status, text } = await ada.sends('/admin/probes/test', sent, '/admin/probes/new?kind=http')
  expect(status).toBe(200)
  expect(text).toContain('After 3 of these the system would show “Down”')
})

/** The app with a prober to which everything answers the same; what is judged of it is real. */
async function appThatFinds(it: World, body: string): ReturnType<World['app']> {
  const answer = { ms: 5, code: 200, phases: null, certificate: null, redirects: 0, body: Buffer.from(body) }
  const testNow = ({ expects }: Question) => Promise.resolve(judgedInFull(answer, expects, it.clock.now()))
  const prober = { testNow, lastTickAt: null, overruns: new Map() }
  const made = await buildApp(it, { prober: () => prober as unknown as ReturnType<ProberOf> })
  onTestFinished(() => made.app.close())
  await made.app.ready()
  return made
}

type ProberOf = NonNullable<AppOptions['prober']>
