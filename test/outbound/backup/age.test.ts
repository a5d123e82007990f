import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Decrypter, Encrypter } from 'age-encryption'
import { expect, test } from 'vitest'
import { afternoon } from '../../domain/ledger/story.ts'
import { world } from '../../world.ts'
import { archiveOf, readThrough } from './archives.ts'
import { ownFolder } from '../../own-folder.ts'

const passphrase = 'vier zufällige Wörter 😀'

test('an archive with a passphrase is opened by whatever else opens files of age, and the other way round', async () => {
  const here = await world()
  await afternoon(here)
  const open = await archiveOf(here.db, null)
  const closed = await archiveOf(here.db, { passphrase, work: 10 })
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  const clear = await decrypter.decrypt(closed)
  expect(await readThrough(Buffer.from(clear))).toBe(await readThrough(open))
  expect(await readThrough(closed, { passphrase })).toBe(await readThrough(open))

  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(10)
  encrypter.setPassphrase(passphrase)
  expect(await readThrough(Buffer.from(await encrypter.encrypt(open)), { passphrase })).toBe(await readThrough(open))
  await expect(readThrough(closed, { passphrase: 'another one' })).rejects.toThrow('opens neither with')
})

const unpacker = spawnSync('zstd', ['--version']).status === 0
test.skipIf(!unpacker)(
  'an archive is lines of JSON for whoever unpacks it (skipped where there is no zstd)',
  async () => {
    const here = await world()
    await afternoon(here)
    const folder = ownFolder()
    writeFileSync(join(folder, 'archive'), await archiveOf(here.db, null))
    const lines = execFileSync('zstd', ['--decompress', '--stdout', join(folder, 'archive')])
      .toString()
      .split('\n')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      type: 'candor archive',
      format: 1,
      site: expect.any(String) as string,
    })
    expect(lines.some((line) => line.includes('"Search is down"'))).toBe(true)
  },
)
