import { randomInt } from 'node:crypto'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { expect, test } from 'vitest'
import { Refusal } from '../../../src/lib/errors.ts'
import { afternoon } from '../../domain/ledger/story.ts'
import { world } from '../../world.ts'
import { archiveOf, readThrough } from './archives.ts'

/** As many as are turned over in each kind of archive; `FLIPS` says more. */
const flips = Number(process.env['FLIPS'] ?? 40)

async function archives() {
  const here = await world()
  await afternoon(here)
  const identity = await generateX25519Identity()
  const recipients = [await identityToRecipient(identity)]
  const open = await archiveOf(here.db, null)
  const closed = await archiveOf(here.db, { recipients })
  return { open, closed, identities: [identity] }
}

test('whatever bit of an archive is turned over, it is refused with a sentence', async () => {
  const { open, closed, identities } = await archives()
  for (const archive of [open, closed]) {
    expect(await readThrough(archive, { identities })).toBeGreaterThan(10)
    for (let count = 0; count < flips; count += 1) {
      const bit = randomInt(archive.length * 8)
      const flipped = Buffer.from(archive)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const said = await readThrough(flipped, { identities }).catch((error: unknown) => error)
      expect([bit, said instanceof Refusal, String(said)]).toEqual([
        bit,
        true,
        expect.stringMatching(/\. Nothing was changed\./),
      ])
    }
  }
})

test('an archive that ends early is refused, wherever it ends', async () => {
  const { open, closed, identities } = await archives()
  for (const archive of [open, closed]) {
    for (let count = 0; count < 40; count += 1) {
      const cut = archive.subarray(0, randomInt(30, archive.length))
      await expect(readThrough(cut, { identities })).rejects.toBeInstanceOf(Refusal)
    }
    await expect(readThrough(Buffer.concat([archive, Buffer.from('more')]), { identities })).rejects.toBeInstanceOf(
      Refusal,
    )
  }
})

test('an archive opens only for those it was written for, and says so', async () => {
  const { closed, identities } = await archives()
  const stranger = await generateX25519Identity()
  await expect(readThrough(closed, { identities: [stranger] })).rejects.toThrow('opens neither with')
  await expect(readThrough(closed, { passphrase: 'four random words' })).rejects.toThrow('opens neither with')
  await expect(readThrough(closed)).rejects.toThrow('This archive is encrypted. Give the passphrase')
  await expect(readThrough(closed, { identities: ['AGE-SECRET-KEY-1NONSENSE'] })).rejects.toThrow('no key of age')
  expect(await readThrough(closed, { identities: [stranger, ...identities] })).toBeGreaterThan(10)
})

test('what is no archive is told from one that is damaged', async () => {
  await expect(readThrough(Buffer.alloc(0))).rejects.toThrow('This file is empty.')
  await expect(readThrough(Buffer.from('PK\u0003\u0004 some other file'))).rejects.toThrow(
    'This is no backup of Candor',
  )
})
