import { expect, test } from 'vitest'
import { createAccount } from '../../../src/domain/accounts/commands.ts'
import { invite } from '../../../src/domain/accounts/invitations.ts'
import { createToken } from '../../../src/domain/accounts/tokens.ts'
import type { Change } from '../../../src/domain/changes/change.ts'
import { addJargon } from '../../../src/domain/coach/jargon.ts'
import { createComponent, removeComponent } from '../../../src/domain/components/commands.ts'
import { createGroup, removeGroup } from '../../../src/domain/components/groups.ts'
import { openIncident, postUpdate } from '../../../src/domain/incidents/commands.ts'
import { dismissDraft, draftIncident } from '../../../src/domain/incidents/drafts.ts'
import { planUpdate } from '../../../src/domain/incidents/waiting.ts'
import { createMetric, removeMetric } from '../../../src/domain/metrics/commands.ts'
import { publishNotice } from '../../../src/domain/notices/commands.ts'
import { addPlace } from '../../../src/domain/places/commands.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import { draftReview } from '../../../src/domain/reviews/commands.ts'
import { keepScratch } from '../../../src/domain/scratches/commands.ts'
import { setUpSite } from '../../../src/domain/site/commands.ts'
import { createTemplate } from '../../../src/domain/templates/commands.ts'
import { later } from '../../../src/lib/clock.ts'
import { world } from '../../world.ts'
import { routesOf } from '../../../src/web/shared/access.ts'

/** In every word of what nobody is to see; and the ids by which it could be asked for. */
const canary = 'Nightjar'
/** What was public until it was removed stays in the ledger, and nowhere else. */
const removedOne = 'Corncrake'

const secretUrl = `https://${canary.toLowerCase()}.internal/health`

interface Told {
  readonly component: string
  readonly incident: string
  readonly over: string
}

/** What is public, with one word of its own. */
async function open(it: Change): Promise<Told> {
  await setUpSite(it, { name: 'Northwind', zone: 'UTC', locale: 'en' })
  const component = await createComponent(it, { name: 'Search' })
  const incident = await openIncident(it, {
    name: 'Search is slow',
    body: 'We look into it.',
    stage: 'investigating',
    components: [{ id: component, status: 'degraded_performance' }],
  })
  // Under no name: that of who told it is public.
  const over = await openIncident(it, { name: 'Search was slow', body: 'We looked.', stage: 'investigating' })
  await postUpdate(it, over, { body: 'It is well.', stage: 'resolved' })
  return { component, incident, over }
}

/** One of each thing that is not public, by what it is. */
async function hidden(it: Change, { component, incident, over }: Told, owner: string) {
  const words = { name: `${canary} fails`, body: `${canary} is down.` }
  const affected = [{ id: component, status: 'major_outage' }]
  const draft = await draftIncident(it, { ...words, beganAt: it.now, components: affected })
  const dismissed = await draftIncident(it, { ...words, beganAt: it.now, components: [] })
  await dismissDraft(it, dismissed)
  const word = { body: `${canary} is mended.`, stage: 'monitoring', noPromiseReason: `${canary} knows.` }
  await planUpdate(it, incident, { word, publishesAt: null })
  await planUpdate(it, incident, {
    word: { body: `${canary} again.`, stage: 'update' },
    publishesAt: later(it.now, 3600),
  })
  await draftReview(it, over, { heads: { saw: `${canary} saw it.` }, author: canary, seen: '' })
  const subject = `update:${incident}`
  await keepScratch(it, { subject, accountId: owner, form: { body: `${canary} types.` }, version: null })
  const removed = await createComponent(it, { name: `${removedOne} engine`, description: `${canary} does it.` })
  await removeComponent(it, removed)
  const group = await createGroup(it, { name: `${canary} group` })
  await removeGroup(it, group)
  const notice = await publishNotice(it, { ...words, shownFrom: later(it.now, 86_400) })
  const metric = await createMetric(it, { name: `${canary} rate`, decimals: 0, shown: 'no' })
  const gone = await createMetric(it, { name: `${canary} count`, decimals: 0, shown: 'yes' })
  await removeMetric(it, gone)
  const template = await createTemplate(it, { name: canary, use: 'incident', title: canary, body: `${canary} fails.` })
  const spec = {
    componentId: component,
    name: `${canary} probe`,
    url: secretUrl,
    headers: [{ name: 'x-key', value: `${canary}-key` }],
  }
  const probe = await createProbe(it, spec)
  await addPlace(it, { name: `${canary} place` })
  await addJargon(it, { word: canary })
  await createToken(it, { name: canary, scope: 'manage', expiresInDays: null })
  return { draft, dismissed, removed, group, notice, metric, gone, template, probe, owner }
}

test('what is not public appears in no public byte, under no address', async () => {
  const it = await world()
  const { app, publication, houses } = await it.app()
  const told = await it.change({ kind: 'command', name: 'test' }, open)
  const account = {
    email: `${canary.toLowerCase()}@example.org`,
    name: canary,
    role: 'owner',
    passwordHash: canary,
  } as const
  const owner = await it.change({ kind: 'setup' }, (change) => createAccount(change, account))
  const ada = { kind: 'operator', id: owner, name: canary } as const
  const things = await it.change(ada, (change) => hidden(change, told, owner))
  await it.change(ada, (change) => invite(change, { email: `${canary.toLowerCase()}2@example.org`, role: 'viewer' }))
  await publication.refresh()

  const found: string[] = []
  let bytes = 0
  const look = (path: string, text: string): void => {
    bytes += text.length
    if (text.toLowerCase().includes(canary.toLowerCase())) found.push(path)
    if (text.includes(removedOne) && !path.includes('/ledger')) found.push(path)
  }
  // All documents there are, as a mirror would take them.
  await publication.walk(async (path, { encodings }) => look(path, encodings.identity.body.toString()))
  // And every address, asked with the id of each of them: it is not there, or says nothing of it.
  const ids = [...Object.values(things), told.component, told.incident, told.over, 'search']
  const open_ = (await routesOf({ houses })).filter(
    ({ method, access, url }) =>
      method === 'GET' && access.to === 'everyone' && !/^\/(admin|fa|pt-BR|zh-Hant)(\/|$)/.test(url),
  )
  expect(open_.length).toBeGreaterThan(100)
  for (const { url } of open_) {
    const addresses = url.includes(':') ? ids.map((id) => url.replace(/:(id|slug|key|name)/, id)) : [url]
    for (const address of new Set(addresses)) {
      const path = address.replace(':month', '2026-11').replace(':date', '2026-11-21').replace(':part', '1.txt')
      const { statusCode, body, headers } = await app.inject(
        path.includes('search') ? `${path}?q=${canary.slice(1)}` : path,
      )
      if (statusCode >= 500 && !path.endsWith('/readyz')) found.push(`${path}: ${statusCode}`)
      // What was looked for stands in its own form again.
      look(path, `${body.replaceAll(canary.slice(1), '')} ${JSON.stringify(headers)}`)
    }
  }
  expect(found).toEqual([])
  expect(bytes).toBeGreaterThan(500_000)
})
