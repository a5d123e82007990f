import supertest from 'supertest'
import { expect, test } from 'vitest'
import { evidenceKept } from '../../../src/domain/probes/engine/kept-evidence.ts'
import { pauseProbe } from '../../../src/domain/probes/commands.ts'
import { toldReason } from '../../../src/domain/probes/engine/public-evidence.ts'
import { annul } from '../../../src/domain/revisions/annulling.ts'
import { changeSite } from '../../../src/domain/site/commands.ts'
import { ada, watched } from '../../domain/probes/watched.ts'

/** A probe with secrets in every field fails, and its incident is public. */
async function failing() {
  const here = await watched({
    policy: 'publish',
    name: 'Probe of secret-name',
    url: 'https://secret-host.test/secret-path?key=secret-key',
    headers: [{ name: 'x-secret', value: 'secret-header' }],
  })
  await here.finds('pppfff')
  const [incident] = await here.incidents()
  const { app, publication } = await here.it.app()
  const text = async (path: string): Promise<string> => {
    await publication.catchUp()
    return (await supertest(app.server).get(path).expect(200)).text
  }
  return { ...here, page: `/incidents/${incident?.id}`, incident: incident?.id ?? '', text }
}

test('readers see what was measured in a line, and nothing of what was asked', async () => {
  const { page, text, finds } = await failing()
  const seen = await text(page)
  expect(seen).toContain('What we measured')
  expect(seen).toMatch(/Search<\/bdi>: no answer within the time limit, from <time[^>]*>[^<]*<\/time>\./)
  expect(seen).not.toMatch(/secret/)
  expect(await text(`/fr${page}`)).toContain('aucune réponse dans le délai')
  await finds('ppp')
  expect(await text(page)).toContain('Well again from')
})

test('a site may keep it to itself', async () => {
  const { page, text, it } = await failing()
  await it.change(ada, (change) => changeSite(change, { evidence: 'no' }))
  expect(await text(page)).not.toContain('What we measured')
})

test('where the probe is paused, the page does not claim that it is measured', async () => {
  const { page, text, it, id } = await failing()
  expect(await text(page)).not.toContain('It is no longer measured.')
  await it.change(ada, (change) => pauseProbe(change, id))
  expect(await text(page)).toContain('It is no longer measured.')
})

test('evidence outlives the checks it came from, and stays small', async () => {
  const { it, incident, finds } = await failing()
  await finds('ppp')
  await it.db.deleteFrom('checks').execute()
  const kept = (await evidenceKept(it.db, [incident])).get(incident) ?? []
  expect(kept.map(({ moment, verdict }) => [moment, verdict.state])).toEqual([
    ['begin', 'down'],
    ['recovery', 'up'],
  ])
  expect(kept[0]?.checks.map(([ago, place, outcome]) => [ago, place, outcome])).toEqual([
    [0, 0, 'fail'],
    [60, 0, 'fail'],
    [120, 0, 'fail'],
    [180, 0, 'pass'],
    [240, 0, 'pass'],
    [300, 0, 'pass'],
  ])
  expect(kept[0]?.places).toMatchObject([{ place: 0, state: 'down', reason: 'timeout' }])
  expect(kept[0]?.verdicts[0]).toMatchObject({ to: 'down', reason: 'timeout' })
  const rows = await it.db.selectFrom('incident_evidence').select('evidence').execute()
  for (const { evidence } of rows) expect(Buffer.byteLength(evidence)).toBeLessThan(2048)
})

test('an annulled false alarm says so on the incident and on its day, in every language', async () => {
  const { it, page, text, incident, finds } = await failing()
  await finds('p'.repeat(3))
  await it.change(ada, (change) => annul(change, incident, { reason: 'A proxy of ours had failed.' }))
  expect(await text(page)).toContain('A false alarm, annulled')
  expect(await text(page)).toContain('A proxy of ours had failed.')
  expect(await text(`/fa${page}`)).toContain('هشدار نادرست بود')
  const day = await text('/components/search/2026-11-21')
  expect(day).toContain('A false alarm of this day was annulled')
  expect(day).toContain('A proxy of ours had failed.')
  expect(day).not.toContain('down for')
  const feed = await text('/history.atom')
  expect(feed).toContain(incident)
  expect(feed).toContain('false alarm of our own checks')
})

test('a reason that readers have no word for is told as another answer than expected', () => {
  expect(toldReason('body')).toBe('wrong')
  expect(toldReason('tls')).toBe('insecure')
  expect(toldReason(null)).toBe('wrong')
})
