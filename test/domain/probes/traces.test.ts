import supertest from 'supertest'
import { expect, test } from 'vitest'
import type { Trace } from '../../../src/domain/probes/finding.ts'
import { evidenceKept } from '../../../src/domain/probes/engine/kept-evidence.ts'
import { batchOf, takeResults } from '../../../src/outbound/probing/take-results.ts'
import { people } from '../../people.ts'
import { watched } from './watched.ts'

const trace: Trace = {
  phases: { dns: 3, connect: 12, tls: 40, firstByte: 500, body: 2 },
  certificate: { subject: 'wrong.test', issuer: 'An issuer', validUntil: '2026-12-01', fault: 'ALTNAME_INVALID' },
}

/** A probe meets a wrong certificate until its incident is public. */
async function failing() {
  const here = await watched({ policy: 'publish' })
  await here.finds('ppp')
  for (let check = 0; check < 3; check += 1) {
    here.it.clock.advance('60s')
    const met = { probeId: here.id, ageMs: 0, outcome: 'fail', reason: 'tls', ms: 60, code: null, trace } as const
    await takeResults(here.it, batchOf([met], here.it.clock))
  }
  const [incident] = await here.incidents()
  return { ...here, incident: incident?.id ?? '' }
}

test('where the time went and whose certificate was met is kept with the incident, and no longer beside the probe', async () => {
  const { it, incident, finds } = await failing()
  await finds('ppp')
  const kept = (await evidenceKept(it.db, [incident])).get(incident) ?? []
  expect(kept.map(({ moment, places }) => [moment, places.map((place) => place.trace)])).toEqual([
    ['begin', [trace]],
    ['recovery', [undefined]],
  ])
  expect(await it.db.selectFrom('probe_states').select('last_trace').execute()).toEqual([{ last_trace: null }])
})

test('operators see it in full, readers nothing of it', async () => {
  const { it, incident } = await failing()
  const { ada, cy } = await people(it)
  const desk = await ada.opens(`/admin/incidents/${incident}/evidence`)
  expect(desk.text).toContain('name found 3 ms, connected 12 ms, encrypted 40 ms, first byte 500 ms, rest 2 ms')
  expect(desk.text).toContain('certificate of wrong.test from An issuer, valid until 2026-12-01, not trusted')
  const { app, publication } = await it.app()
  await publication.catchUp()
  const page = await supertest(app.server).get(`/incidents/${incident}`).expect(200)
  expect(page.text).toContain('What we measured')
  expect(page.text).not.toMatch(/wrong\.test|An issuer|40 ms/)
  expect((await cy.opens(`/admin/incidents/${incident}/evidence`)).status).toBe(401)
})
