import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { type Answer, type Ask, type Asker, asker, isShed } from './asking.ts'
import { type Chance, chance } from './chance.ts'
import { type Description, fromDescription } from './documents.ts'
import { faultOf, written } from './judge.ts'
import { fromRaw, sendRaw, statusesIn } from './raw.ts'
import { type Real, formsOf, fromReal } from './real.ts'
import type { Site } from './site.ts'

/** How often each status came. */
export type Tally = Record<string, number>

export interface Run {
  readonly seed: number
  readonly count: number
  /** Takes what is wrong; left out, the first ends the run. */
  fault?(words: string): void
  /** Called after each, for whoever measures. */
  each?(done: number): Promise<void> | void
}

/** Everything that the API describes, and everything near it. */
export async function fuzzDescription(site: Site, run: Run): Promise<Tally> {
  const client = asker(site.port)
  try {
    const { body } = await client.ask({
      of: '',
      method: 'GET',
      path: '/api/v1/openapi.json',
      headers: { host: site.host },
    })
    const description = JSON.parse(body) as Description
    const { manage, disclose, read, measure } = site.tokens
    const authorizations = [...Array<string>(9).fill(manage), disclose, read, measure].map((token) => `Bearer ${token}`)
    const known = { page: site.page, ids: site.ids, authorizations }
    const isAsDescribed = describedAnswers(description)
    return await over(site, client, run, (by) => fromDescription(description, known, by), {
      canaries: await site.canaries(),
      judge: isAsDescribed,
    })
  } finally {
    client.close()
  }
}

/** Everything that people and programs really send, with something about it that is wrong. */
export async function fuzzReal(site: Site, run: Run): Promise<Tally> {
  const client = asker(site.port)
  try {
    const found = await formsOf(site, client)
    let signedIn = await site.session()
    const canaries = await site.canaries()
    const make = (by: Chance): Ask => fromReal({ site, ...found, signedIn } satisfies Real, by)
    return await over(site, client, run, make, {
      canaries,
      judge: () => null,
      before: async (done) => {
        if (done % 40 === 0) signedIn = await site.session()
      },
    })
  } finally {
    client.close()
  }
}

interface Watched {
  readonly canaries: readonly string[]
  judge(one: Ask, answer: Answer): string | null
  before?(done: number): Promise<void>
}

async function over(
  site: Site,
  client: Asker,
  { seed, count, each, fault: tell = fail }: Run,
  make: (by: Chance) => Ask,
  watched: Watched,
): Promise<Tally> {
  const tally: Tally = {}
  for (let done = 0; done < count; done += 1) {
    // Each has a seed of its own, so that one can be made again without those before it.
    const by = chance(seed * 1_000_003 + done)
    await watched.before?.(done)
    const one = make(by)
    site.clock.advance('2s')
    const before = await site.changes()
    const answer = await client.ask(one).catch((error: unknown) => {
      throw new Error(`Seed ${seed}, request ${done}: no answer.\n${written(one)}`, { cause: error })
    })
    const fault =
      faultOf(one, answer, watched.canaries) ??
      watched.judge(one, answer) ??
      (site.errors.length > 0 ? 'an error was logged' : null) ??
      (answer.status >= 400 && (await site.changes()) !== before ? 'it was refused, and changed something' : null)
    if (fault !== null) {
      const errors = site.errors.splice(0).map((line) => line.slice(0, 1500))
      tell(
        [
          `Seed ${seed}, request ${done}: ${fault}.`,
          written(one),
          `${answer.status} ${answer.body.slice(0, 800)}`,
          ...errors,
        ].join('\n\n'),
      )
    }
    tally[answer.status] = (tally[answer.status] ?? 0) + 1
    await each?.(done + 1)
  }
  return tally
}

function fail(words: string): never {
  throw new Error(words)
}

/** Bytes on the socket, through the real front door; after each the next reader is answered. */
export async function fuzzRaw(site: Site, { seed, count, each }: Run): Promise<Tally> {
  const tally: Tally = {}
  const client = asker(site.port)
  const canaries = await site.canaries()
  try {
    for (let done = 0; done < count; done += 1) {
      const one = fromRaw(chance(seed * 1_000_003 + done))
      site.clock.advance('2s')
      const where = `Seed ${seed}, bytes ${done} (${one.of}):\n${one.pieces.map((piece) => JSON.stringify(piece.toString('latin1').slice(0, 500))).join('\n+ ')}\n`
      const before = await site.changes()
      const text = await sendRaw(site.port, one).catch((error: unknown) => {
        throw new Error(where, { cause: error })
      })
      const statuses = statusesIn(text)
      if (statuses.some((status) => status >= 500 && status !== 505) && !isShed(text))
        throw new Error(`${where}was answered\n${text.slice(0, 1500)}`)
      if (canaries.some((secret) => text.includes(secret))) throw new Error(`${where}was answered with a secret.`)
      if (site.errors.length > 0) throw new Error(`${where}had an error logged: ${site.errors[0]}`)
      if ((await site.changes()) !== before) throw new Error(`${where}changed something.`)
      const said = statuses.length === 0 ? 'hung up' : String(statuses[0])
      tally[said] = (tally[said] ?? 0) + 1
      if (done % 50 === 49) {
        const answer = await client.ask({ of: 'a reader', method: 'GET', path: '/', headers: { host: site.host } })
        if (answer.status !== 200) throw new Error(`${where}After it the next reader was answered ${answer.status}.`)
      }
      await each?.(done + 1)
    }
    return tally
  } finally {
    client.close()
  }
}

/** Whether an answer of the API is one that its description promises. */
function describedAnswers(description: Description): Watched['judge'] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema(description, 'api')
  const compiled = new Map<string, ValidateFunction>()
  return (one, answer) => {
    const [method = '', path = ''] = one.of.split(' ')
    const { pathname } = new URL(one.path, 'http://a')
    // A bent address is another one.
    const pattern = new RegExp(`^/(api/)?v1${path.replaceAll(/\{\w+\}/g, '[a-zA-Z0-9_-]{1,64}?')}(\\.json)?$`)
    if (!pattern.test(pathname)) return null
    const response = description.paths[path]?.[method]?.responses[answer.status] as
      { $ref?: string; content?: object } | undefined
    if (!response) return `its description knows no answer ${answer.status}`
    if (answer.status >= 400 || !response.content) return null
    const ref = `api#/paths/${path.replaceAll('/', '~1')}/${method}/responses/${answer.status}/content/application~1json/schema`
    const takes = compiled.get(ref) ?? ajv.compile({ $ref: ref.replaceAll('{', '%7B').replaceAll('}', '%7D') })
    compiled.set(ref, takes)
    return takes(JSON.parse(answer.body)) ? null : `its answer is not as described: ${ajv.errorsText(takes.errors)}`
  }
}
