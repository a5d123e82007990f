import { expect, test } from 'vitest'
import { may } from '../../../src/domain/accounts/account.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { createGroup } from '../../../src/domain/components/groups.ts'
import { draftIncident } from '../../../src/domain/incidents/drafts.ts'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import { announceMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { publishNotice } from '../../../src/domain/notices/commands.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import { type DeclaredRoute, routesOf as allRoutesOf } from '../../../src/web/shared/access.ts'
import { type Person, people } from '../../people.ts'
import { type World, world } from '../../world.ts'

/** The routes of the desk, as they are declared. */
async function routesOf(of: World): Promise<DeclaredRoute[]> {
  const routes = await allRoutesOf(await of.app())
  return routes.filter(({ method, url }) => /^\/(admin|setup)/.test(url) && (method === 'GET' || method === 'POST'))
}

/** One of each, so that every address with an id leads somewhere. */
async function furnish(of: World): Promise<Record<string, string>> {
  return of.change({ kind: 'command', name: 'test' }, async (it) => {
    const component = await createComponent(it, { name: 'Card payments' })
    const affected = { components: [{ id: component, status: 'partial_outage' }] }
    return {
      components: component,
      groups: await createGroup(it, { name: 'Europe' }),
      incidents: await openIncident(it, {
        name: 'Payments fail',
        body: 'We look.',
        stage: 'investigating',
        ...affected,
      }),
      drafts: await draftIncident(it, { name: 'Sign-in fails', body: 'We look.', beganAt: it.now, ...affected }),
      maintenances: await announceMaintenance(it, {
        name: 'Upgrade',
        body: 'Soon.',
        plannedFrom: '2026-11-22T02:00:00Z',
        plannedUntil: '2026-11-22T03:00:00Z',
      }),
      notices: await publishNotice(it, { name: 'Closed on Monday', body: 'We are.' }),
      probes: await createProbe(it, { componentId: component, url: 'https://example.com' }),
    }
  })
}

function addressOf({ url }: DeclaredRoute, ids: Record<string, string>): string {
  const noun = url.split('/')[2] ?? ''
  return url.replace(':id', ids[noun] ?? 'id999')
}

function isLet(role: 'owner' | 'responder' | null, { access }: DeclaredRoute): boolean {
  return access?.to !== 'operators' || (role !== null && may(role, access.deed))
}

test('every page of the desk is shown to whoever may see it, and to nobody else', async () => {
  const it = await world()
  const { ada, ben, cy } = await people(it)
  const ids = await furnish(it)
  const pages = (await routesOf(it)).filter(({ method, url }) => method === 'GET' && url.startsWith('/admin'))
  expect(pages.length).toBeGreaterThan(25)
  const seen: string[] = []
  for (const route of pages) {
    const path = addressOf(route, ids)
    for (const [who, role] of [
      [ada, 'owner'],
      [ben, 'responder'],
      [cy, null],
    ] as const) {
      const { status } = await who.opens(path)
      const expected = isLet(role, route) ? [200, 303, 404] : role === null ? [401] : [403]
      if (!expected.includes(status)) seen.push(`${path} for ${who.name}: ${status}, not ${expected.join(' or ')}`)
    }
  }
  expect(seen).toEqual([])
})

test('every form of the desk is refused to whoever may not send it, and to everybody without its token', async () => {
  const it = await world()
  const { ada, ben, cy } = await people(it)
  const ids = await furnish(it)
  const forms = (await routesOf(it)).filter(({ method }) => method === 'POST')
  expect(forms.length).toBeGreaterThan(25)
  const version = await it.latestVersion()
  const seen: string[] = []
  const send = (who: Person, path: string) =>
    who.agent.post(path).set('sec-fetch-site', 'same-origin').type('form').send('token=guessed')
  for (const route of forms) {
    const path = addressOf(route, ids)
    for (const [who, role] of [
      [ada, 'owner'],
      [ben, 'responder'],
      [cy, null],
    ] as const) {
      const { status } = await send(who, path)
      const expected = role === null && route.access?.to === 'operators' ? 401 : 403
      if (status !== expected) seen.push(`${path} for ${who.name}: ${status}, not ${expected}`)
    }
  }
  expect(seen).toEqual([])
  expect(await it.latestVersion()).toBe(version)
})

test('a responder with a valid token cannot do what is for owners', async () => {
  const it = await world()
  const { ben } = await people(it)
  const ids = await furnish(it)
  const forms = (await routesOf(it)).filter((route) => route.method === 'POST' && !isLet('responder', route))
  expect(forms.length).toBeGreaterThan(10)
  const version = await it.latestVersion()
  for (const route of forms)
    expect([route.url, (await ben.sends(addressOf(route, ids))).status]).toEqual([route.url, 403])
  expect(await it.latestVersion()).toBe(version)
})

test('a form from elsewhere is refused, whatever it carries', async () => {
  const it = await world()
  const { ada } = await people(it)
  const page = await ada.opens('/admin/notices/new')
  const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const body = new URLSearchParams({ token, name: 'Forged', body: 'We were breached.' }).toString()
  const version = await it.latestVersion()
  const from = async (headers: Record<string, string>, sent = body) =>
    (await ada.agent.post('/admin/notices').type('form').set(headers).send(sent)).status
  expect(await from({ 'sec-fetch-site': 'cross-site' })).toBe(403)
  expect(await from({ 'sec-fetch-site': 'same-site' })).toBe(403)
  expect(await from({ 'sec-fetch-site': 'none' })).toBe(403)
  expect(await from({ origin: 'https://evil.example' })).toBe(403)
  expect(await from({ origin: 'null' })).toBe(403)
  expect(await from({ 'sec-fetch-site': 'same-origin' }, body.replace(token, 'x'))).toBe(403)
  for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
    const { status } = await ada.agent.post('/admin/notices').set('content-type', type).send('{"name":"Forged"}')
    expect([type, status]).toEqual([type, 415])
  }
  for (const method of ['put', 'patch', 'delete'] as const) {
    expect((await ada.agent[method]('/admin/notices').type('form').send(body)).status).toBe(404)
  }
  expect(await it.latestVersion()).toBe(version)
  expect(await from({ origin: 'http://status.example' })).toBe(303)
})

test('what the desk answers is kept by nobody, framed by nobody, and runs no foreign script', async () => {
  const { ada, cy } = await people(await world({ CANDOR_URL: 'https://status.example' }))
  for (const answer of [
    await ada.opens('/admin'),
    await cy.opens('/admin'),
    await cy.opens('/admin/none'),
    await cy.opens('/setup'),
  ]) {
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
    })
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'")
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'")
  }
})
