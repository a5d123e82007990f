import { readFileSync, readdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { backupTarget } from '../../../src/config/backup.ts'
import { randomIds } from '../../../src/lib/ids.ts'
import { placeOfBackups } from '../../../src/outbound/backup/place.ts'
import { candor } from '../../cli/run.ts'
import { ownFolder } from '../../own-folder.ts'

interface S3Server {
  run(): Promise<AddressInfo>
  close(): Promise<void>
}

// @ts-expect-error The package brings no types.
const { default: S3rver } = (await import('@20minutes/s3rver')) as { default: new (options: object) => S3Server }

/** A real store on loopback, and what an installation is told of it. */
async function store() {
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    // It reckons those of lists otherwise than Amazon’s own SDK does.
    allowMismatchedSignatures: true,
    directory: ownFolder(),
    configureBuckets: [{ name: 'backups' }],
  })
  const { port } = await server.run()
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER')
  onTestFinished(async () => {
    await server.close()
    vi.unstubAllEnvs()
  })
  const query = `?region=eu-central-1&endpoint=http://127.0.0.1:${port}`
  const data = ownFolder()
  const env = { CANDOR_DATA_DIR: data, CANDOR_EGRESS_ALLOW: '127.0.0.0/8' }
  await candor(['setup', '--email', 'ada@example.org', '--site', 'North'], env)
  const to = `s3://backups/status/${query}`
  return { env, to, query, place: await placeOfBackups(backupTarget(to), { config: readConfig(env), ids: randomIds }) }
}

test('a backup goes to a bucket and comes back from it', async () => {
  const { env, to, query, place } = await store()
  const made = await candor(['backup', '--to', to], env)
  expect([made.code, made.told]).toEqual([0, ''])
  const [name = ''] = await place.list()
  expect(name).toMatch(/^candor-[\dT-]+Z\.candor$/)
  expect(made.said).toContain(`Wrote s3://backups/status/${name}`)
  const there = join(ownFolder(), 'restored.db')
  const restored = await candor(['restore', `s3://backups/status/${name}${query}`, '--into', there], env)
  expect([restored.code, restored.said]).toEqual([0, expect.stringContaining('rows are as they were')])
  expect(readdirSync(join(there, '..'))).toEqual(['restored.db'])
})

test('a large one goes in parts, and its bytes are those that went', async () => {
  const { place } = await store()
  const bytes = randomBytes(17 * 1024 ** 2)
  const draft = await place.begin('large')
  for (let at = 0; at < bytes.length; at += 600_000) await draft.write(bytes.subarray(at, at + 600_000))
  await draft.end()
  const pieces: Uint8Array[] = []
  for await (const piece of place.read('large')) pieces.push(piece)
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
  await place.remove('large')
  expect(await place.list()).toEqual([])
})

test('what is abandoned never appears', async () => {
  const { place } = await store()
  const draft = await place.begin('half')
  await draft.write(randomBytes(9 * 1024 ** 2))
  await draft.abandon()
  expect(await place.list()).toEqual([])
})

test('where the bucket or the file is not there, or may not be reached, words say so', async () => {
  const { env, to, query } = await store()
  const missing = await candor(['restore', `s3://backups/status/none.candor${query}`], env)
  expect([missing.code, missing.told]).toEqual([1, 'There is no none.candor in s3://backups/status/.'])
  const closed = await candor(['backup', '--to', to], { CANDOR_DATA_DIR: env.CANDOR_DATA_DIR })
  expect([closed.code, closed.told]).toEqual([1, expect.stringContaining('cannot be reached: blocked')])
  const nowhere = await candor(['backup', '--to', 's3://no-region/'], env)
  expect([nowhere.code, nowhere.told]).toEqual([2, expect.stringContaining('s3://bucket/prefix?region=')])
  expect(readFileSync(join(env.CANDOR_DATA_DIR, 'candor.db')).length).toBeGreaterThan(0)
})
