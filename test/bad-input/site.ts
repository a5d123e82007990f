import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { OpenDatabase } from '../../src/database/database.ts'
import { createDeps } from '../../src/deps.ts'
import type { Change, Changer } from '../../src/domain/changes/change.ts'
import { createAccount } from '../../src/domain/accounts/commands.ts'
import { invite } from '../../src/domain/accounts/invitations.ts'
import { beginSession } from '../../src/domain/accounts/sessions.ts'
import { createToken } from '../../src/domain/accounts/tokens.ts'
import { createComponent } from '../../src/domain/components/commands.ts'
import { createGroup } from '../../src/domain/components/groups.ts'
import { openIncident, postUpdate } from '../../src/domain/incidents/commands.ts'
import { draftIncident } from '../../src/domain/incidents/drafts.ts'
import { announceMaintenance } from '../../src/domain/maintenances/commands.ts'
import { createMetric } from '../../src/domain/metrics/commands.ts'
import { publishNotice } from '../../src/domain/notices/commands.ts'
import { addPlace } from '../../src/domain/places/commands.ts'
import { createProbe } from '../../src/domain/probes/commands.ts'
import { giveAddress } from '../../src/domain/probes/heartbeats/commands.ts'
import { readSite } from '../../src/domain/site/queries.ts'
import { setUpSite } from '../../src/domain/site/commands.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { passwords } from '../../src/lib/passwords.ts'
import { formToken } from '../../src/web/shared/csrf.ts'
import { cookiesFor } from '../../src/web/shared/identity.ts'
import { createListener } from '../../src/web/shared/listener.ts'
import { stoppedClock } from '../clock.ts'
import { routesOf } from '../../src/web/shared/access.ts'

const url = 'http://status.example'
const key = 'canary-key-of-the-installation'
const planted = {
  folder: '/nowhere/canary-folder',
  password: 'canary password of nobody',
  header: 'canary-header-of-a-probe',
  probe: 'canary-password-of-a-probe',
  draft: 'Canary: nobody was told of this yet',
}

export type Site = Awaited<ReturnType<typeof openSite>>

/** The whole product behind its own listener, with something of everything, and a secret in every secret place. */
export async function openSite(database: OpenDatabase) {
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  const errors: string[] = []
  const log = pino(
    { level: 'error' },
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        errors.push(chunk.toString())
        done()
      },
    }),
  )
  const config = { ...readConfig({ CANDOR_URL: url }), dataDir: planted.folder }
  const deps = await createDeps({ config, database, clock, ids: randomIds, log, key })
  // A full disk is another test, and this folder does not exist.
  deps.health.watch('disk', () => null)
  deps.health.watch('database', () => null)
  const listener = createListener({ find: (path) => publication.find(path), frontDoor: true, trustProxy: [] })
  const { app, publication, houses } = await buildApp(deps, { listener })
  await app.ready()
  const things = await furnish(deps.change)
  await publication.open()
  listener.open()
  await listener.listen({ host: '127.0.0.1', port: 0 })

  const { account } = things
  const session = async (): Promise<{ readonly cookie: string; readonly token: string }> => {
    // What somebody did to themselves is undone: this is about what they send.
    await deps.db.updateTable('accounts').set({ role: 'owner', disabled_at: null }).where('id', '=', account).execute()
    const secret = await beginSession(deps, account, { browser: 'Firefox', network: '192.0.2.0/24', via: 'password' })
    return { cookie: `${cookiesFor(url).session}=${secret}`, token: formToken(key, secret) }
  }
  const hashes = async (): Promise<string[]> => {
    const rows = await Promise.all([
      deps.db.selectFrom('accounts').select('password_hash as hash').orderBy('id').execute(),
      deps.db.selectFrom('tokens').select('secret_hash as hash').orderBy('id').execute(),
      deps.db.selectFrom('sessions').select('secret_hash as hash').orderBy('id').limit(20).execute(),
      deps.db.selectFrom('invitations').select('secret_hash as hash').orderBy('id').limit(20).execute(),
    ])
    return rows
      .flat()
      .map(({ hash }) => hash)
      .filter((hash) => hash.length > 8)
  }
  return {
    ...things,
    clock,
    errors,
    url,
    host: new URL(url).host,
    routes: await routesOf({ houses }),
    page: (await readSite(deps.db)).id,
    port: (listener.server.address() as AddressInfo).port,
    session,
    /** What nobody may read in any answer; a draft only where nobody has signed in. */
    canaries: async () => [key, ...Object.values(planted).filter((one) => one !== planted.draft), ...(await hashes())],
    draft: planted.draft,
    changes: () => deps.latestVersion(),
    refresh: () => publication.refresh(),
    async close() {
      await listener.leave({ keepListening: 0, idle: 0, underWay: 2000 })
      await app.close()
    },
  }
}

async function furnish(change: Changer) {
  const does = <T>(work: (it: Change) => Promise<T>): Promise<T> => change({ kind: 'setup' }, work)
  await does((it) => setUpSite(it, { name: 'Northwind', zone: 'UTC', locale: 'en' }))
  const passwordHash = await passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 }).hash(planted.password)
  const account = await does((it) =>
    createAccount(it, { email: 'ada@example.org', name: 'Ada', role: 'owner', passwordHash }),
  )
  const ada = { kind: 'operator', id: account, name: 'Ada' } as const
  const invitation = await change(ada, (it) => invite(it, { email: 'cy@example.org', role: 'viewer' }))
  const group = await does((it) => createGroup(it, { name: 'Payments' }))
  const cards = await does((it) => createComponent(it, { name: 'Cards', groupId: group }))
  const search = await does((it) => createComponent(it, { name: 'Search' }))
  const incident = await does((it) =>
    openIncident(it, {
      name: 'Cards fail',
      body: 'We look.',
      stage: 'investigating',
      components: [{ id: cards, status: 'partial_outage' }],
    }),
  )
  const update = await does((it) => postUpdate(it, incident, { stage: 'identified', body: 'It is the bank.' }))
  const draft = await does((it) =>
    draftIncident(it, { name: planted.draft, body: planted.draft, beganAt: '2026-11-21T11:00:00Z', components: [] }),
  )
  const maintenance = await does((it) =>
    announceMaintenance(it, {
      name: 'New cables',
      body: 'We lay them.',
      plannedFrom: '2026-11-25T10:00:00Z',
      plannedUntil: '2026-11-25T12:00:00Z',
      components: [search],
    }),
  )
  const notice = await does((it) => publishNotice(it, { name: 'Closed on Monday', body: 'We are.' }))
  const metric = await does((it) => createMetric(it, { name: 'Latency', suffix: 'ms', decimals: 0, shown: 'yes' }))
  const probe = await does((it) =>
    createProbe(it, {
      componentId: search,
      url: 'https://shop.example/health',
      user: 'candor',
      password: planted.probe,
      headers: [{ name: 'X-Api-Key', value: planted.header }],
    }),
  )
  const beat = await does((it) =>
    createProbe(it, { componentId: search, kind: 'heartbeat', name: 'Nightly', period: '1h' }),
  )
  const heartbeat = await does((it) => giveAddress(it, beat))
  await does((it) => addPlace(it, { name: 'Lisbon' }))
  const token = async (scope: string): Promise<string> =>
    (await does((it) => createToken(it, { name: scope, scope, expiresInDays: null }))).secret
  const tokens = {
    manage: await token('manage'),
    disclose: await token('disclose'),
    read: await token('read'),
    measure: await token('measure'),
    metrics: await token('metrics'),
  }
  const ids = [group, cards, search, incident, update, draft, maintenance, notice, metric, probe, beat, 'nobody']
  return { account, invitation: invitation.secret, ids, heartbeat, tokens }
}
