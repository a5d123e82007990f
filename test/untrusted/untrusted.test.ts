import { expect, test } from 'vitest'
import { line, prose } from '../../src/lib/fields.ts'
import type { Text } from './filled.ts'
import { everyShape } from './outputs.ts'
import { payloads } from './payloads.ts'
import { told } from './site.ts'
import type { Shape } from './skeletons.ts'

const isFull = process.env['TEST_SIZE'] === 'full'
const all = payloads(isFull ? 2500 : 320)

/** Says payload after payload, as many at once as a field takes, beginning anywhere. */
function hostile(kind: 'line' | 'prose', from: number, said: Set<string>): Text {
  let next = from
  const fits = (value: string, most: number): boolean => {
    const field = kind === 'line' ? line(most) : prose(most)
    return value !== '' && field.fault?.(value.normalize('NFC').trim()) === null
  }
  return (asked, most) => {
    const harmless = 'Harmless words'.slice(0, Math.min(most, 40))
    if (asked !== kind) return harmless
    const glue = kind === 'line' ? ' ' : '\n\n'
    let text = ''
    // A field that takes a book gets a part of it.
    const room = Math.min(most, kind === 'line' ? 120 : 1500)
    for (let tries = 0; tries < all.length; tries += 1) {
      const one = all[next++ % all.length] ?? ''
      const longer = text === '' ? one : text + glue + one
      if (fits(longer, room)) {
        text = longer
        said.add(one)
      } else if (text !== '') break
    }
    return text === '' ? harmless : text
  }
}

let known: ReadonlyMap<string, Shape> | null = null

async function harmless(): Promise<ReadonlyMap<string, Shape>> {
  return (known ??= await everyShape(await told((_, most) => 'Harmless words'.slice(0, Math.min(most, 40)))))
}

async function differences(text: Text): Promise<string[]> {
  const twin = await harmless()
  const shapes = await everyShape(await told(text))
  const found: string[] = []
  for (const [path, { skeleton, faults }] of shapes) {
    found.push(...new Set(faults.map((fault) => `${path}: ${fault}`)))
    const expected = twin.get(path)?.skeleton ?? []
    const at = skeleton.findIndex((one, index) => one !== expected[index])
    if (at >= 0 || skeleton.length < expected.length) {
      const where = at < 0 ? skeleton.length : at
      found.push(`${path}: ${skeleton[where]?.trim()} instead of ${expected[where]?.trim()} at ${where}`)
    }
  }
  const lost = [...twin.keys()].filter((path) => !shapes.has(path))
  return [...found, ...lost.map((path) => `${path} is gone`)]
}

test(
  'the harmless page has nothing that it must not have, and is read in every form',
  { timeout: 120_000 },
  async () => {
    const twin = await harmless()
    expect([...twin].flatMap(([path, { faults }]) => faults.map((fault) => `${path}: ${fault}`))).toEqual([])
    expect(twin.size).toBeGreaterThan(110)
    expect(all.length).toBeGreaterThan(isFull ? 2000 : 300)
  },
)

const worlds = isFull ? 40 : 1
/** Of the whole, each may wait for a machine that does other things: it is what they find that counts. */
const patience = isFull ? 900_000 : 120_000

test.each(Array.from({ length: worlds }, (_, index) => index))(
  'whatever stands in a line adds nothing to any page, feed, table, picture or calendar (%i)',
  async (index) => {
    const said = new Set<string>()
    expect(await differences(hostile('line', index * 131, said))).toEqual([])
    // What is no line is refused, and never said.
    expect(said.size).toBeGreaterThan(200)
  },
  patience,
)

test.each(Array.from({ length: worlds }, (_, index) => index))(
  'whatever stands in a text adds no more than a text may hold (%i)',
  async (index) => {
    const said = new Set<string>()
    expect(await differences(hostile('prose', index * 173, said))).toEqual([])
    expect(said.size).toBeGreaterThan(200)
  },
  patience,
)
