import type { KyselyPlugin } from 'kysely'
import { describe, expect, test } from 'vitest'
import { createAccount, disableAccount } from '../../../src/domain/accounts/commands.ts'
import { beginCodeApp, confirmCodeApp, unconfirmedSeed } from '../../../src/domain/accounts/factors/code-app.ts'
import { enterWithCode } from '../../../src/domain/accounts/factors/second-step.ts'
import { type Attempt, signIn } from '../../../src/domain/accounts/sign-in.ts'
import type { Actor } from '../../../src/domain/changes/actor.ts'
import { TooMany } from '../../../src/lib/errors.ts'
import { passwords } from '../../../src/lib/passwords.ts'
import { codeApp } from '../../code-app.ts'
import { isSQLite } from '../../database.ts'
import { type World, world } from '../../world.ts'

const quick = passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 })
const command: Actor = { kind: 'command', name: 'test' }
const good = 'three unrelated herons'
const beginning = { browser: 'Firefox', network: '192.0.2.0/24', via: 'password' } as const

/** Ada and Ben, and what signing in costs: hashes, and questions to the database. */
async function door() {
  const it = await world()
  const passwordHash = await quick.hash(good)
  const make = (name: string, role: 'owner' | 'responder') =>
    it.change(command, (change) =>
      createAccount(change, { email: `${name.toLowerCase()}@example.org`, name, role, passwordHash }),
    )
  const [ada, ben] = [await make('Ada', 'owner'), await make('Ben', 'responder')]
  const work = { hashes: 0, questions: [] as string[] }
  const parts = {
    ...it,
    db: watched(it, work.questions),
    passwords: {
      ...quick,
      isRight: (hash: string | null, word: string) => ((work.hashes += 1), quick.isRight(hash, word)),
    },
  }
  const knocks = (attempt: Partial<Attempt>) =>
    signIn(parts, {
      email: 'ada@example.org',
      password: 'wrong wrong wrong',
      network: '192.0.2.1',
      device: null,
      beginning,
      ...attempt,
    })
  return { it, ada, ben, work, parts, knocks }
}

function watched(it: World, questions: string[]): World['db'] {
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      questions.push(node.kind)
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  // Without the guard against waiting for oneself, which would not know this one.
  return it.db.withoutPlugins().withPlugin(plugin)
}

describe('ten thousand guesses from fifty networks', () => {
  // Each costs a transaction that is given up; a tenth of them shows the same, and on PostgreSQL, where it is a dozen
  // times as dear, four of each network. With 10000: all of them.
  const guesses = Number(process.env['CANDOR_TEST_GUESSES'] ?? (isSQLite ? 1000 : 200))
  test.each([
    ['at one account', () => 'ada@example.org'],
    ['at as many accounts', (index: number) => `person${index}@example.org`],
  ])(
    '%s hash thirty passwords at most, and the operator comes in meanwhile',
    async (_, email) => {
      const { it, work, parts, knocks } = await door()
      const first = await knocks({ password: good })
      const device = first?.step === 'last' ? first.device : null
      const account = first?.account ?? { id: '', name: '' }
      work.hashes = 0
      let refused = 0
      for (let index = 0; index < guesses; index += 1) {
        if (index % (guesses / 50) === 0) it.clock.advance('1s')
        await knocks({ email: email(index), network: `198.51.100.${index % 50}` }).catch((error: unknown) => {
          expect(error).toBeInstanceOf(TooMany)
          refused += 1
        })
      }
      expect(work.hashes).toBeLessThanOrEqual(30)
      expect(refused).toBe(guesses - work.hashes)
      expect((await knocks({ password: good, device }))?.step).toBe('last')
      // With a second factor as well.
      await it.change(command, (change) => beginCodeApp(change, account.id))
      const seed = await unconfirmedSeed(it, { id: account.id, label: 'ada@example.org', issuer: 'Northwind' })
      const app = codeApp(seed?.text ?? '', it.clock)
      await confirmCodeApp(it, { actor: command, account, code: app.code() }, () => Promise.resolve())
      it.clock.advance('30s')
      const half = await knocks({ password: good, device })
      if (half?.step !== 'first') throw new Error('They were not asked for the second factor.')
      const entered = await enterWithCode(
        parts,
        { account: half.account, secret: half.secret, device, beginning },
        { kind: 'app', code: app.code() },
      )
      expect(entered?.account.name).toBe('Ada')
      // Minutes later nobody waits any more, on whatever device.
      it.clock.advance('20m')
      expect((await knocks({ email: 'ben@example.org', password: good }))?.step).toBe('last')
    },
    20 * (1000 + guesses),
  )
})

test('an unknown address, a wrong password and a disabled account cost the same work', async () => {
  const { it, ben, work, knocks } = await door()
  await it.change(command, (change) => disableAccount(change, ben))
  const costs = []
  for (const attempt of [
    { email: 'nobody@example.org' },
    { email: 'ada@example.org' },
    { email: 'ben@example.org', password: good },
    { email: 'ben@example.org' },
  ]) {
    work.hashes = 0
    work.questions.length = 0
    expect(await knocks(attempt)).toBeNull()
    costs.push({ hashes: work.hashes, questions: [...work.questions] })
  }
  expect(costs[0]?.hashes).toBe(1)
  for (const cost of costs) expect(cost).toEqual(costs[0])
})

test('an unknown address waits as long as a known one', async () => {
  const { knocks } = await door()
  const waits = async (email: string) => {
    const said: string[] = []
    for (let index = 0; index < 8; index += 1) {
      await knocks({ email, network: `198.51.100.${index}` }).catch((error: Error) => said.push(error.message))
    }
    return said
  }
  expect(await waits('nobody@example.org')).toEqual(await waits('ada@example.org'))
})
