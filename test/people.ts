import type { Agent } from 'supertest'
import supertest from 'supertest'
import { createAccount } from '../src/domain/accounts/commands.ts'
import type { Role } from '../src/domain/accounts/account.ts'
import { setUpSite } from '../src/domain/site/commands.ts'
import { readSite } from '../src/domain/site/queries.ts'
import { quickPasswords } from './passwords.ts'
import type { World } from './world.ts'

const quick = quickPasswords()

export const password = 'three unrelated herons'

/** Somebody with a browser. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly agent: Agent
  /** Sends the form of a page: with its token, as a browser does. */
  sends(
    path: string,
    fields?: Readonly<Record<string, string | readonly string[]>>,
    from?: string,
  ): Promise<supertest.Response>
  opens(path: string): Promise<supertest.Response>
  /** Sends a form that makes a secret, and opens the page that shows it; what was refused, as it is. */
  makes: Person['sends']
}

export interface People {
  /** Owns the page. */
  readonly ada: Person
  /** A responder: discloses, changes neither people nor settings. */
  readonly ben: Person
  /** A stranger. */
  readonly cy: Person
}

/** A site that is set up, and its people, signed in over the real app. */
export async function people(of: World): Promise<People> {
  const { app } = await of.app()
  const { setUpAt } = await readSite(of.db)
  if (!setUpAt) {
    await of.change({ kind: 'setup' }, (it) => setUpSite(it, { name: 'Northwind', zone: 'UTC', locale: 'en' }))
  }
  const person = (id: string, name: string): Person => browser(supertest.agent(app.server), { id, name })
  const ada = person(await account(of, 'Ada', 'owner'), 'Ada')
  const ben = person(await account(of, 'Ben', 'responder'), 'Ben')
  await signsIn(ada)
  await signsIn(ben)
  return { ada, ben, cy: person('', 'Cy') }
}

/** A browser that has been nowhere. */
export async function stranger(of: World): Promise<Person> {
  const { app } = await of.app()
  return browser(supertest.agent(app.server), { id: '', name: 'Cy' })
}

export function emailOf(name: string): string {
  return `${name.toLowerCase()}@example.org`
}

export function signsIn(person: Person, word: string = password): Promise<supertest.Response> {
  return person.sends(
    '/admin/sign-in',
    { email: emailOf(person.name), password: word, next: '/admin' },
    '/admin/sign-in',
  )
}

/** Somebody more on the team, signed in. */
export async function joins(of: World, name: string, role: Role): Promise<Person> {
  const { app } = await of.app()
  const person = browser(supertest.agent(app.server), { id: await account(of, name, role), name })
  await signsIn(person)
  return person
}

export async function account(of: World, name: string, role: Role): Promise<string> {
  const passwordHash = await quick.hash(password)
  return of.change({ kind: 'setup' }, (it) => createAccount(it, { email: emailOf(name), name, role, passwordHash }))
}

export function browser(agent: Agent, { id, name }: { id: string; name: string }): Person {
  let token: string | null = null
  const read = (answer: supertest.Response): supertest.Response => {
    token = /name="token" value="([^"]+)"/.exec(answer.text ?? '')?.[1] ?? token
    return answer
  }
  const person: Person = {
    id,
    name,
    agent,
    opens: async (path) => read(await agent.get(path).set('sec-fetch-site', 'same-origin')),
    async sends(path, fields = {}, from = '/admin') {
      if (token === null || from !== '/admin') read(await agent.get(from))
      const body = new URLSearchParams([['token', token ?? '']])
      for (const [key, value] of Object.entries(fields)) {
        // Ends of lines as the standard of HTML has them sent, also in hidden fields.
        for (const each of typeof value === 'string' ? [value] : value) body.append(key, each.replace(/\r?\n/g, '\r\n'))
      }
      const answer = await agent.post(path).set('sec-fetch-site', 'same-origin').type('form').send(body.toString())
      // A new session has new tokens.
      token = null
      return read(answer)
    },
    async makes(path, fields, from) {
      const answer = await person.sends(path, fields, from)
      return answer.status === 303 ? person.opens(String(answer.headers['location'])) : answer
    },
  }
  return person
}
