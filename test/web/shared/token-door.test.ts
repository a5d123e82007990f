import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createToken } from '../../../src/domain/accounts/tokens.ts'
import { randomIds } from '../../../src/lib/ids.ts'
import { world } from '../../world.ts'

test('a network that guesses tokens has to wait, and who has been right from there does not', async () => {
  const it = await world()
  const { app } = await it.app()
  const { secret } = await it.change({ kind: 'setup' }, (change) =>
    createToken(change, { name: 'CI', scope: 'metrics' }),
  )
  const asks = (token: string) => supertest(app.server).get('/metrics').set('authorization', `Bearer ${token}`)
  expect((await asks(secret)).status).toBe(200)
  const guesses = []
  for (let index = 0; index < 32; index += 1) guesses.push((await asks(`candor_${randomIds.secret()}`)).status)
  expect(guesses).toEqual([...Array.from({ length: 30 }, () => 401), 429, 429])
  expect((await asks('x'.repeat(40))).headers['retry-after']).toBe('2')
  expect((await asks(secret)).status).toBe(200)
  it.clock.advance('1m')
  expect((await asks(`candor_${randomIds.secret()}`)).status).toBe(401)
})
