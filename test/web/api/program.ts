import supertest from 'supertest'
import type { Scope } from '../../../src/domain/accounts/account.ts'
import { createToken } from '../../../src/domain/accounts/tokens.ts'
import type { Change } from '../../../src/domain/changes/change.ts'
import { type LoggedEvent, eventsAfter } from '../../../src/domain/changes/log.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { readSite } from '../../../src/domain/site/queries.ts'
import { setUpSite } from '../../../src/domain/site/commands.ts'
import { type World, world } from '../../world.ts'

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete'

export interface Program extends World {
  /** The id of the page. */
  readonly page: string
  /** Components. */
  readonly search: string
  readonly cards: string
  /** What the token says. */
  readonly secret: string
  /** Ada does it at the desk. */
  does<T>(work: (change: Change) => Promise<T>): Promise<T>
  /** The program calls, below its page: `/incidents`. A minute passes where its minute is full. */
  calls(
    method: Method,
    path: string,
    body?: object | string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>
  /** Another program, which may do other things. */
  token(scope: Scope): Promise<string>
  /** What readers get, as JSON. */
  reads(path: string): Promise<Record<string, unknown>>
  /** What has happened since the site was set up. */
  events(): Promise<LoggedEvent[]>
}

/** What a call answers. Whoever reads a field that is not there reads nothing. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
}

export interface Body {
  readonly [key: string]: unknown
  readonly id: string
  readonly name: string
  readonly group_id: string | null
  readonly metadata: object
  readonly components: readonly unknown[]
  readonly status: string
  readonly body: string
  readonly error: readonly string[]
  readonly incident_updates: readonly { readonly id: string; readonly status: string; readonly body: string }[]
}

/** A site with two components, and a program with a token for it. */
export async function program(
  scope: Scope = 'manage',
  settings: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const here = await world(settings)
  await here.change({ kind: 'setup' }, (it) =>
    setUpSite(it, { name: 'Northwind', zone: 'Europe/Lisbon', locale: 'en', description: null }),
  )
  const does: Program['does'] = (work) => here.change({ kind: 'operator', id: 'ada', name: 'Ada' }, work)
  const search = await does((it) => createComponent(it, { name: 'Search' }))
  const cards = await does((it) => createComponent(it, { name: 'Card payments' }))
  const token = async (wished: Scope): Promise<string> =>
    (await here.change({ kind: 'setup' }, (it) => createToken(it, { name: `A ${wished} program`, scope: wished })))
      .secret
  const secret = await token(scope)
  const page = (await readSite(here.db)).id
  const since = await here.latestVersion()
  const { app, publication } = await here.app()
  let count = 0
  return {
    ...here,
    page,
    search,
    cards,
    secret,
    does,
    token,
    async calls(method, path, body, headers = {}) {
      // Sixty in a minute, and these tests are no test of that.
      count += 1
      if (count % 50 === 0) here.clock.advance('61s')
      const request = supertest(app.server)[method](`/api/v1/pages/${page}${path}`)
      const answer = await request.set({ authorization: `OAuth ${secret}`, ...headers }).send(body)
      return { status: answer.status, headers: answer.headers as Answer['headers'], body: answer.body as Body }
    },
    async reads(path) {
      await publication.settled()
      return (await supertest(app.server).get(path)).body as Record<string, unknown>
    },
    events: () => eventsAfter(here.db, since, 1000),
  }
}
