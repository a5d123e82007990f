import { expect, test } from 'vitest'
import { changePassword, createAccount, disableAccount, enableAccount } from '../../../src/domain/accounts/commands.ts'
import { credentials } from '../../../src/domain/accounts/queries.ts'
import { signIn } from '../../../src/domain/accounts/sign-in.ts'
import type { Actor } from '../../../src/domain/changes/actor.ts'
import { Unavailable } from '../../../src/lib/errors.ts'
import { type Passwords, passwords } from '../../../src/lib/passwords.ts'
import { world } from '../../world.ts'

const quick = passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 })
const better = passwords({ memoryCost: 16, timeCost: 1, parallelism: 1 })
const command: Actor = { kind: 'command', name: 'test' }
const [stolen, fresh] = ['three unrelated herons', 'four other unrelated herons']

/** Ben, and a sign-in with the password that he has, while which something else happens. */
async function door() {
  const it = await world()
  const passwordHash = await quick.hash(stolen)
  const [, ben] = await Promise.all(
    (['owner', 'responder'] as const).map((role) =>
      it.change(command, (change) =>
        createAccount(change, { email: `${role}@example.org`, name: role, role, passwordHash }),
      ),
    ),
  )
  const id = ben ?? ''
  const tries = (given: Passwords, meanwhile: () => Promise<unknown> = () => Promise.resolve()) => {
    const slow: Passwords = {
      ...given,
      async isRight(hash, word) {
        const isRight = await given.isRight(hash, word)
        await meanwhile()
        return isRight
      },
    }
    return signIn(
      { ...it, passwords: slow },
      {
        email: 'responder@example.org',
        password: stolen,
        network: '192.0.2.1',
        device: null,
        beginning: { browser: '', network: '', via: 'password' },
      },
    )
  }
  const once = (work: () => Promise<unknown>) => {
    let isDone = false
    return async () => {
      if (isDone) return
      isDone = true
      await work()
    }
  }
  const sessions = () => it.db.selectFrom('sessions').select('id').where('account_id', '=', id).execute()
  return { it, id, tries, once, sessions }
}

test.each([
  ['hashed as it is today', quick],
  ['that was to be hashed anew', better],
])('a password %s that is changed while it is compared opens nothing, and does not come back', async (_, given) => {
  const { it, id, tries, once, sessions } = await door()
  const changed = await quick.hash(fresh)
  const changes = once(() => it.change(command, (change) => changePassword(change, id, changed)))
  expect(await tries(given, changes)).toBeNull()
  expect(await sessions()).toEqual([])
  const after = await credentials(it.db, { id })
  expect(await quick.isRight(after?.passwordHash ?? null, fresh)).toBe(true)
})

test('who is disabled while their password is compared has no session to come back to', async () => {
  const { it, id, tries, once, sessions } = await door()
  const disables = once(() => it.change(command, (change) => disableAccount(change, id)))
  expect(await tries(quick, disables)).toBeNull()
  await it.change(command, (change) => enableAccount(change, id))
  expect(await sessions()).toEqual([])
})

test('of two who come at once with a password that is to be hashed anew, both come in', async () => {
  const { tries } = await door()
  const both = await Promise.all([tries(better), tries(better)])
  expect(both.map((one) => one?.step)).toEqual(['last', 'last'])
})

test('who cannot be asked for the password because no thread can compare it is not counted as guessing', async () => {
  const { tries } = await door()
  const without = passwords({}, () => Promise.reject(new Unavailable('Not just now.', 'a thread', {})))
  for (let times = 0; times < 12; times += 1) await expect(tries(without)).rejects.toThrow('Not just now.')
  expect((await tries(quick))?.step).toBe('last')
})
