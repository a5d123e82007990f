import canonicalize from 'canonicalize'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../../src/lib/canonical-json.ts'
import { rotateKey } from '../../../src/domain/ledger/commands.ts'
import { type World, world } from '../../world.ts'
import { ada, afternoon, exported } from './story.ts'
import { type Copy, type Line, change, headBy, rechain, stranger } from './tampering.ts'
import { type Verdict, verifyLedger } from './verifier.ts'
import { ownFolder } from '../../own-folder.ts'

async function told(): Promise<World> {
  const folder = ownFolder()
  const here = await world({ CANDOR_DATA_DIR: folder })
  await afternoon(here)
  await here.change(ada, (it) => rotateKey(it, here.ledgerKeys))
  await afternoon(here)
  return here
}

async function copy(here: World): Promise<Copy> {
  return (await exported(here)) as Copy
}

function verdict({ lines, head }: Copy, key: string | null = null): Promise<Verdict> {
  return verifyLedger([Buffer.from(lines.map((line) => `${line}\n`).join(''))], { head, key })
}

test('a ledger that nobody touched fits, from its first key to its second one', async () => {
  const here = await told()
  const { lines, head } = await copy(here)
  expect(await verdict({ lines, head })).toMatchObject({ ok: true, entries: lines.length, signatures: 'checked' })
  const first = here.ledgerKeys.first.publicKey
  expect(await verdict({ lines, head }, first)).toMatchObject({ ok: true })
  expect(await verdict({ lines, head }, String(head['key']))).toMatchObject({ ok: true, key: head['key'] })
  expect(head['key']).not.toBe(first)
})

test('it fits also in pieces that are cut anywhere', async () => {
  const { lines, head } = await copy(await told())
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  for (const size of [1, 7, 1000]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    )
    expect(await verifyLedger(pieces, { head })).toMatchObject({ ok: true, entries: lines.length })
  }
})

test('entries that came after the head was fetched do no harm', async () => {
  const here = await told()
  const { head } = await copy(here)
  await afternoon(here)
  const { lines } = await copy(here)
  expect(await verdict({ lines, head })).toMatchObject({ ok: true, entries: lines.length, covered: head['seq'] })
})

test('each line is what two implementations of RFC 8785 write', async () => {
  const { lines } = await copy(await told())
  for (const line of lines) {
    const value = JSON.parse(line) as never
    expect(canonicalize(value)).toBe(line)
    expect(canonicalJson(value)).toBe(line)
  }
})

type Tampering = (it: Copy, rotation: number) => void

const word = (line: Line, body: string): void => {
  ;(line.entry['update'] as Record<string, unknown>)['body'] = body
}

// The third entry opens the incident; the one that hands over the key is called the rotation.
test.each<[string, Tampering, number | ((it: Copy, rotation: number) => number), string]>([
  ['a text is changed', ({ lines }) => change(lines, 3, (line) => word(line, 'All is well.')), 3, 'other-content'],
  [
    'a text and its hash are changed',
    ({ lines }) => change(lines, 3, (line) => word(line, 'All is well.'), 'anew'),
    4,
    'other-before',
  ],
  [
    'a time is changed',
    ({ lines }) => change(lines, 3, (line) => (line.at = '2026-11-21T11:59:00.000Z')),
    3,
    'other-content',
  ],
  [
    'a time and all hashes are changed',
    ({ lines }) => {
      change(lines, 3, (line) => (line.at = '2026-11-21T11:59:00.000Z'))
      rechain(lines)
    },
    3,
    'goes-back',
  ],
  [
    'a kind is changed',
    ({ lines }) => change(lines, 3, (line) => (line.kind = 'incident.changed')),
    3,
    'other-content',
  ],
  ['a subject is changed', ({ lines }) => change(lines, 3, (line) => (line.subject = 'another')), 3, 'other-content'],
  ['a hash is changed', ({ lines }) => change(lines, 3, (line) => (line.hash = 'a'.repeat(64))), 3, 'other-content'],
  [
    'the hash before is changed',
    ({ lines }) => change(lines, 4, (line) => (line.prev = 'a'.repeat(64)), 'anew'),
    4,
    'other-before',
  ],
  ['a number is changed', ({ lines }) => change(lines, 4, (line) => (line.seq = 9), 'anew'), 4, 'missing'],
  ['two change places', ({ lines }) => lines.splice(2, 2, lines[3] ?? '', lines[2] ?? ''), 3, 'missing'],
  ['one in the middle is removed', ({ lines }) => lines.splice(3, 1), 4, 'missing'],
  ['the first one is removed', ({ lines }) => lines.shift(), 1, 'missing'],
  [
    'one is removed, and all hashes made anew',
    ({ lines, head }) => {
      lines.splice(3, 1)
      rechain(lines)
      head['seq'] = lines.length
    },
    ({ lines }, rotation) => Math.min(rotation - 1, lines.length),
    'key-not-handed-over',
  ],
  ['the last one is removed', ({ lines }) => lines.pop(), ({ lines }) => lines.length + 1, 'end-missing'],
  ['the last three are removed', ({ lines }) => lines.splice(-3), ({ lines }) => lines.length + 1, 'end-missing'],
  ['one stands there twice', ({ lines }) => lines.splice(4, 0, lines[3] ?? ''), 5, 'not-the-next'],
  [
    'one is put between, with a hash that fits',
    ({ lines }) => {
      lines.splice(4, 0, lines[3] ?? '')
      change(
        lines,
        5,
        (line) => Object.assign(line, { seq: 5, prev: (JSON.parse(lines[3] ?? '') as Line).hash }),
        'anew',
      )
    },
    6,
    'not-the-next',
  ],
  [
    'the last text and its hash are changed',
    ({ lines }) => change(lines, lines.length, (line) => (line.entry = { all: 'well' }), 'anew'),
    ({ lines }) => lines.length,
    'other-than-signed',
  ],
  [
    'it is signed with another key',
    (it) => {
      change(it.lines, it.lines.length, (line) => (line.entry = { all: 'well' }), 'anew')
      it.head = headBy(it.lines)
    },
    ({ lines }) => lines.length,
    'head-of-other-key',
  ],
  [
    'the signature is that of another head',
    (it) => (it.head['at'] = '2030-01-01T00:00:00.000Z'),
    ({ lines }) => lines.length,
    'head-not-signed',
  ],
  ['the head is no head', (it) => (it.head = { seq: 1 }), 1, 'no-head'],
  [
    'the first entry names another key',
    ({ lines }) => change(lines, 1, (line) => (line.entry = { key: stranger.publicKey })),
    1,
    'other-content',
  ],
  [
    'the first entry names another key, and all hashes are made anew',
    ({ lines }) => {
      change(lines, 1, (line) => (line.entry = { key: stranger.publicKey }))
      rechain(lines)
    },
    (_, rotation) => rotation,
    'key-not-handed-over',
  ],
  [
    'the second key is another one',
    ({ lines }) => {
      const at = lines.findIndex((line) => line.includes('ledger.key-changed'))
      change(lines, at + 1, (line) => (line.entry['key'] = stranger.publicKey))
      rechain(lines)
    },
    (_, rotation) => rotation,
    'key-not-handed-over',
  ],
  [
    'the second key is not signed by the first',
    ({ lines }) => {
      const at = lines.findIndex((line) => line.includes('ledger.key-changed'))
      change(lines, at + 1, (line) => delete line.entry['signature'])
      rechain(lines)
    },
    (_, rotation) => rotation,
    'key-not-handed-over',
  ],
  [
    'it begins a second time',
    ({ lines }) => {
      change(lines, 5, (line) => {
        line.kind = 'ledger.begun'
        line.entry = { key: stranger.publicKey }
      })
      rechain(lines)
    },
    5,
    'not-the-beginning',
  ],
  [
    'it begins without a beginning',
    ({ lines }) => {
      lines.shift()
      rechain(lines)
    },
    1,
    'not-the-beginning',
  ],
  [
    'the JSON is written in another way',
    ({ lines }) => (lines[2] = lines[2]?.replace('"at":', '"at": ') ?? ''),
    3,
    'not-canonical',
  ],
  [
    'a member is there twice',
    ({ lines }) => (lines[2] = lines[2]?.replace('{"at":', '{"at":"2026-11-21T12:00:00.000Z","at":') ?? ''),
    3,
    'not-canonical',
  ],
  ['a member is added', ({ lines }) => change(lines, 3, (line) => Object.assign(line, { more: 1 })), 3, 'not-an-entry'],
  ['something follows the end', ({ lines }) => lines.push('so long'), ({ lines }) => lines.length, 'not-json'],
  ['an empty line stands between', ({ lines }) => lines.splice(3, 0, ''), 4, 'not-json'],
  ['nothing is left', ({ lines }) => lines.splice(0), 1, 'empty'],
])('%s: the first entry that does not fit is named', async (_, tamper, expected, reason) => {
  const it = await copy(await told())
  const rotation = it.lines.findIndex((line) => line.includes('"ledger.key-changed"')) + 1
  tamper(it, rotation)
  const entry = typeof expected === 'number' ? expected : expected(it, rotation)
  expect(await verdict(it)).toEqual({ ok: false, entry, reason })
})

test('a file that ends in the middle of a line ends there', async () => {
  const { lines, head } = await copy(await told())
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join('')).subarray(0, -20)
  expect(await verifyLedger([bytes], { head })).toEqual({ ok: false, entry: lines.length, reason: 'cut' })
})

test('bytes that are no text are no entry', async () => {
  const { lines, head } = await copy(await told())
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  bytes[20] = 0xff
  expect(await verifyLedger([bytes], { head })).toEqual({ ok: false, entry: 1, reason: 'not-text' })
})

test('a whole ledger of somebody else is told by the key that a reader noted', async () => {
  const here = await told()
  const { lines } = await copy(here)
  lines.splice(lines.findIndex((line) => line.includes('"ledger.key-changed"')))
  change(lines, 1, (line) => (line.entry = { key: stranger.publicKey }))
  rechain(lines)
  const forged = { lines, head: headBy(lines) }
  expect(await verdict(forged)).toMatchObject({ ok: true })
  expect(await verdict(forged, here.ledgerKeys.first.publicKey)).toEqual({ ok: false, entry: 1, reason: 'other-key' })
})
