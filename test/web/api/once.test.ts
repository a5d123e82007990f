import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createToken } from '../../../src/domain/accounts/tokens.ts'
import { readSite } from '../../../src/domain/site/queries.ts'
import { world } from '../../world.ts'

test('fifty posts at once with one key are one incident and one update, and all hear the same', async () => {
  const here = await world()
  const { app } = await here.app()
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { secret } = await here.change({ kind: 'setup' }, (it) => createToken(it, { name: 'Robot', scope: 'disclose' }))
  const page = (await readSite(here.db)).id
  const post = (name: string) =>
    supertest(app.server)
      .post(`/v1/pages/${page}/incidents.json`)
      .set({ authorization: `OAuth ${secret}`, 'idempotency-key': '"4f0c"' })
      .send({ incident: { name, status: 'investigating', body: 'We look.' } })
  const answers = await Promise.all(Array.from({ length: 50 }, () => post('Cards fail')))
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(answers[0]?.status).toBe(201)
  expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(49)
  expect(await here.db.selectFrom('incidents').select('name').execute()).toEqual([{ name: 'Cards fail' }])
  expect(await here.db.selectFrom('updates').select('body').execute()).toEqual([{ body: 'We look.' }])

  const other = await post('Something else')
  expect(other.status).toBe(422)
  expect(JSON.stringify(other.body)).toContain('Idempotency-Key')
})
