import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgres as rules } from '../../../../src/domain/probes/kinds/postgres.ts'
import { postgres } from '../../../../src/outbound/probing/kinds/postgres.ts'
import { authority } from '../../../lib/authority.ts'
import { loadEmbeddedPostgres } from '../../../postgres/embedded.ts'
import { circumstances, closedPort, listening, verdictOf } from '../circumstances.ts'

const ca = authority()
const trusted = ca.cert.trim().replaceAll('\r', '')
let port = 0
let stop = (): Promise<void> => Promise.resolve()

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'candor-probed-'))
  chmodSync(folder, 0o711)
  port = await closedPort()
  const EmbeddedPostgres = await loadEmbeddedPostgres()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'owner',
    password: 'owner',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--no-locale', '--no-sync'],
    postgresFlags: ['fsync=off', 'ssl=on', 'listen_addresses=127.0.0.1'].flatMap((flag) => ['-c', flag]),
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  const { key, cert } = ca.issue({ names: ['127.0.0.1'] })
  const { uid, gid } = statSync(join(folder, 'data'))
  for (const [name, text] of Object.entries({ 'server.key': key, 'server.crt': cert })) {
    const path = join(folder, 'data', name)
    writeFileSync(path, text, { mode: 0o600 })
    chownSync(path, uid, gid)
  }
  await server.start()
  stop = async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const owner = new pg.Client({ host: '127.0.0.1', port, user: 'owner', password: 'owner', database: 'postgres' })
  await owner.connect()
  await owner.query(`create role probe login password 'sésame'`)
  await owner.query('create table orders (id integer, note text)')
  await owner.query(`insert into orders values (7, 'well')`)
  await owner.query('grant select, insert on orders to probe')
  await owner.end()
})
afterAll(() => stop())

type Asked = Partial<Parameters<typeof rules.read>[0]>

function spec(asked: Asked = {}) {
  const usual = { host: '127.0.0.1', port, database: 'postgres', user: 'probe', password: 'sésame', authority: trusted }
  return rules.read({ ...usual, ...asked })
}

async function valueOf(asked: Asked): Promise<string | undefined> {
  const finding = await postgres.check(spec(asked), circumstances({ timeoutMs: 5000 }))
  return 'fault' in finding ? undefined : finding.body?.toString()
}

test.each<[string, Asked, string, string | null]>([
  ['a database that answers', {}, 'pass', null],
  ['without encryption', { tls: 'no' }, 'pass', null],
  ['a wrong password', { password: 'open' }, 'fail', 'auth'],
  ['no password', { password: null }, 'fail', 'auth'],
  ['a user that is not there', { user: 'nobody' }, 'fail', 'auth'],
  ['a database that is not there', { database: 'nowhere' }, 'fail', 'query'],
  ['a query that cannot be read', { query: 'selekt 1' }, 'fail', 'query'],
  ['two statements', { query: 'select 1; select 2' }, 'fail', 'query'],
  ['a query that writes', { query: `insert into orders values (8, 'ill')` }, 'fail', 'query'],
  ['an answer that is too large', { query: `select repeat('x', 2000000)` }, 'fail', 'too_large'],
  ['an authority that nobody knows', { authority: null }, 'fail', 'tls'],
])('%s', async (_name, asked, outcome, reason) => {
  expect(await verdictOf(postgres, spec(asked), circumstances({ timeoutMs: 5000 }))).toMatchObject({ outcome, reason })
})

test('the first value of the first row can be asserted', async () => {
  expect(await valueOf({})).toBe('1')
  expect(await valueOf({ query: 'select note, id from orders' })).toBe('well')
  expect(await valueOf({ query: 'select count(*) from orders' })).toBe('1')
  expect(await valueOf({ query: 'select null' })).toBe('')
  expect(await valueOf({ query: 'select 1 where false' })).toBe('')
})

test('a query that takes too long is a timeout', async () => {
  const found = await verdictOf(postgres, spec({ query: 'select pg_sleep(20)' }), circumstances({ timeoutMs: 1000 }))
  expect(found).toMatchObject({ outcome: 'fail', reason: 'timeout' })
})

test('the password of our own database is not shown to others', async () => {
  process.env['PGPASSWORD'] = 'sésame'
  try {
    expect(await verdictOf(postgres, spec({ password: null }))).toMatchObject({ outcome: 'fail', reason: 'auth' })
  } finally {
    delete process.env['PGPASSWORD']
  }
})

test.each<[string, Asked, string, string]>([
  ['does not encrypt', {}, 'N', 'no_tls'],
  ['speaks another protocol', {}, 'HTTP/1.1 400 Bad Request\r\n\r\n', 'protocol'],
  ['says more than it should in the open', {}, 'SELECT', 'protocol'],
])('a server that %s', async (_name, asked, answer, reason) => {
  const at = await listening((socket) => void socket.once('data', () => socket.write(answer)))
  expect(await verdictOf(postgres, spec({ port: at, ...asked }))).toMatchObject({ outcome: 'fail', reason })
})

test('a port without a listener refuses', async () => {
  expect(await verdictOf(postgres, spec({ port: await closedPort() }))).toMatchObject({ reason: 'refused' })
})
