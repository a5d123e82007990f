import type { InjectOptions } from 'fastify'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import type { Tables } from '../../src/database/tables.ts'
import { createToken } from '../../src/domain/accounts/tokens.ts'
import { beating } from '../outbound/heartbeats/beating.ts'
import { people } from '../people.ts'
import { northwind } from './northwind.ts'

/** As the worst of them are: it names a table, a secret, a file and a line. */
const bug =
  'SQLITE_ERROR: near "selec": select password_hash from accounts, canary-7f3a (/srv/candor/src/web/x.ts:12:9)'
const inside =
  /SQLITE|selec|password_hash|accounts|canary|\/srv|node_modules|\.ts\b|\.eta\b|\n\s+at |<anonymous>|Error:/

type Part = 'database' | 'template' | 'command' | 'snapshot'

function fails(): never {
  throw new Error(bug)
}

/** The same site behind a second door, of which one part has a bug from now on. */
async function withBug(part: Part) {
  const it = await northwind()
  const { ada } = await people(it)
  const owner = { kind: 'operator', id: ada.id, name: 'Ada' } as const
  const { secret } = await it.change(owner, (change) => createToken(change, { name: 'All', scope: 'manage' }))
  const job = await beating(it)
  const { id: page } = await it.db.selectFrom('sites').select('id').executeTakeFirstOrThrow()
  const { id: incident } = await it.db.selectFrom('incidents').select('id').orderBy('number').executeTakeFirstOrThrow()
  const jar = ada.agent.jar.getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
  const form = /name="token" value="([^"]+)"/.exec((await ada.opens('/admin/notices/new')).text)?.[1] ?? ''

  let isBroken = false
  const logged: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) })
  const snapshotOf: typeof it.readSnapshot = async () =>
    new Proxy(await it.readSnapshot(), {
      get: (snapshot, key) => (isBroken && part === 'snapshot' ? fails() : (Reflect.get(snapshot, key) as unknown)),
    })
  const db = it.db.withPlugin({ transformQuery: fails, transformResult: fails }) as Kysely<Tables>
  const { app, publication, houses } = await buildApp({
    ...it,
    log,
    readSnapshot: snapshotOf,
    ...(part === 'database' ? { db } : {}),
    ...(part === 'command' ? { change: () => Promise.try(fails) } : {}),
  })
  onTestFinished(() => app.close())
  await app.ready()
  await publication.refresh()
  isBroken = true
  // The pages that tell of a fault are not the ones at fault.
  const isSpared = (name: string): boolean => ['admin/unavailable', 'admin/refused'].includes(name)
  if (part === 'template') {
    for (const { app: house } of await houses()) {
      const { view } = house
      house.view = ((name: string, data: object) =>
        isSpared(name) ? view.call(house, name, data) : fails()) as typeof view
    }
  }
  return {
    app,
    logged,
    cookie: jar.toValueString(),
    form,
    bearer: `Bearer ${secret}`,
    page,
    incident,
    token: job.token,
  }
}

type Known = Omit<Awaited<ReturnType<typeof withBug>>, 'app' | 'logged'>

const own = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }

const asked: readonly (readonly [face: string, part: Part, shape: RegExp, request: (known: Known) => InjectOptions])[] =
  [
    ['a page', 'template', /^text\/plain/, () => ({ url: '/history/2026-10' })],
    ['a page of the past', 'database', /^text\/plain/, () => ({ url: '/incidents/long-gone' })],
    ['a calendar', 'snapshot', /^text\/plain/, () => ({ url: '/components/search/calendar.ics' })],
    ['a page as text', 'snapshot', /^text\/plain/, ({ incident }) => ({ url: `/incidents/${incident}.md` })],
    ['a badge', 'snapshot', /^text\/plain/, () => ({ url: '/components/search/badge.svg' })],
    [
      'a badge for programs',
      'snapshot',
      /^application\/problem\+json/,
      () => ({ url: '/components/search/badge.json' }),
    ],
    ['a picture', 'snapshot', /^text\/plain/, ({ incident }) => ({ url: `/incidents/${incident}/picture.png` })],
    ['the ledger', 'database', /^text\/plain/, () => ({ url: '/ledger/entries/1.txt' })],
    [
      'the API that all may read',
      'database',
      /^application\/json/,
      () => ({ url: '/api/v2/incidents/long-gone.json' }),
    ],
    [
      'the API, asked',
      'database',
      /^application\/json/,
      ({ bearer, page }) => ({ url: `/api/v1/pages/${page}/components`, headers: { authorization: bearer } }),
    ],
    [
      'the API, told',
      'command',
      /^application\/json/,
      ({ bearer, page }) => ({
        method: 'POST',
        url: `/api/v1/pages/${page}/components`,
        headers: { authorization: bearer },
        payload: { component: { name: 'Mail' } },
      }),
    ],
    [
      'the numbers for machines',
      'database',
      /^application\/problem\+json/,
      ({ bearer }) => ({ url: '/metrics', headers: { authorization: bearer } }),
    ],
    ['a sign of life', 'database', /^text\/plain/, ({ token }) => ({ url: `/hb/${token}` })],
    [
      'a place',
      'database',
      /^application\/problem\+json/,
      () => ({ method: 'POST', url: '/api/places/v1/sessions', headers: { 'candor-place': '1' }, payload: '{}' }),
    ],
    [
      'what readers report',
      'database',
      /^text\/plain/,
      () => ({ method: 'POST', url: '/reports', headers: own, payload: 'component=' }),
    ],
    [
      'the desk, before it knows who asks',
      'database',
      /^text\/html/,
      ({ cookie }) => ({ url: '/admin', headers: { cookie } }),
    ],
    ['the desk', 'template', /^text\/html/, ({ cookie }) => ({ url: '/admin/notices/new', headers: { cookie } })],
    [
      'a form of the desk',
      'command',
      /^text\/html/,
      ({ cookie, form }) => ({
        method: 'POST',
        url: '/admin/notices',
        headers: { ...own, cookie },
        payload: new URLSearchParams({ token: form, name: 'Closed', body: 'On Monday.' }).toString(),
      }),
    ],
    ['the door of the desk', 'template', /^text\/html/, () => ({ url: '/admin/sign-in' })],
  ]

test.each<Part>(['database', 'template', 'command', 'snapshot'])(
  'a bug in a %s is told by each face in its own shape, and only the log knows more',
  async (part) => {
    const { app, logged, ...known } = await withBug(part)
    for (const [face, , shape, request] of asked.filter(([, of]) => of === part)) {
      const { statusCode, headers, body } = await app.inject(request(known))
      expect([face, statusCode, body]).toEqual([face, 500, expect.not.stringMatching(inside)])
      expect([face, headers['content-type']]).toEqual([face, expect.stringMatching(shape)])
      expect([face, headers['cache-control']]).toEqual([face, 'no-store'])
      expect([face, JSON.stringify(headers)]).toEqual([face, expect.not.stringMatching(inside)])
      const [reference = 'none'] = /req-[0-9a-z-]+/.exec(body) ?? []
      const lines = logged.filter((line) => line.includes(`"${reference}"`) && line.includes('canary-7f3a'))
      expect([face, reference, lines.length > 0]).toEqual([face, reference, true])
    }
  },
)
