import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inflateSync } from 'node:zlib'

/** Two weights of Vazirmatn for Latin and Persian, and pieces of a Chinese font, of which only those needed are read. */
export interface Fonts {
  /** The fonts that hold the signs of these texts. */
  forTexts(texts: readonly string[]): Uint8Array[]
  /** Whether it can be written with them: signs that are no letters may be left out, letters may not. */
  holds(text: string): boolean
}

const chinese = '@fontsource/chocolate-classical-sans'

export function readFonts(): Fonts {
  const half = read('@expo-google-fonts/vazirmatn/600SemiBold/Vazirmatn_600SemiBold.ttf')
  const regular = read('@expo-google-fonts/vazirmatn/400Regular/Vazirmatn_400Regular.ttf')
  const known = signsOf(regular)
  const pieces = Object.entries(JSON.parse(read(`${chinese}/unicode.json`).toString()) as Record<string, string>).map(
    ([name, ranges]) => ({ name: name.replaceAll(/[[\]]/g, ''), ranges: ranges.split(',').map(rangeOf) }),
  )
  const pieceOf = (sign: number) => pieces.find(({ ranges }) => ranges.some(([from, to]) => sign >= from && sign <= to))
  const unpacked = new Map<string, Buffer>()
  return {
    forTexts(texts) {
      const names = new Set(
        signsIn(texts.join('')).flatMap((sign) => (known.has(sign) ? [] : (pieceOf(sign)?.name ?? []))),
      )
      const needed = [...names].map((name) => {
        const font =
          unpacked.get(name) ?? unpack(read(`${chinese}/files/chocolate-classical-sans-${name}-400-normal.woff`))
        unpacked.set(name, font)
        return font
      })
      return [half, regular, ...needed]
    },
    holds: (text) => signsIn(text.replaceAll(/[^\p{L}\p{N}]/gu, '')).every((sign) => known.has(sign) || pieceOf(sign)),
  }
}

function read(path: string): Buffer {
  return readFileSync(fileURLToPath(import.meta.resolve(path)))
}

function signsIn(text: string): number[] {
  return Array.from(text, (sign) => sign.codePointAt(0) ?? 0)
}

/** `U+3d18-3d19` */
function rangeOf(text: string): readonly [number, number] {
  const [from = 0, to = from] = text
    .slice(2)
    .split('-')
    .map((digits) => Number.parseInt(digits, 16))
  return [from, to]
}

/** The characters a font has glyphs for: its `cmap`, format 4, which every font for the web has. */
function signsOf(font: Buffer): ReadonlySet<number> {
  const signs = new Set<number>()
  const map = font.subarray(tableAt(font, 'cmap'))
  for (let index = 0; index < map.readUInt16BE(2); index++) {
    const table = map.subarray(map.readUInt32BE(4 + 8 * index + 4))
    if (table.readUInt16BE(0) !== 4) continue
    const size = table.readUInt16BE(6)
    for (let at = 0; at < size; at += 2) {
      const last = table.readUInt16BE(14 + at)
      for (let sign = table.readUInt16BE(16 + size + at); sign <= last && sign < 0xffff; sign++) signs.add(sign)
    }
  }
  return signs
}

function tableAt(font: Buffer, name: string): number {
  for (let index = 0; index < font.readUInt16BE(4); index++) {
    const entry = 12 + 16 * index
    if (font.toString('latin1', entry, entry + 4) === name) return font.readUInt32BE(entry + 8)
  }
  throw new Error(`A font has no table “${name}”.`)
}

/** WOFF 1.0, as packages for the web have it, into the TrueType it was made of. */
function unpack(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12)
  const font = Buffer.alloc(woff.readUInt32BE(16))
  woff.copy(font, 0, 4, 8)
  font.writeUInt16BE(count, 4)
  let end = 12 + 16 * count
  for (let index = 0; index < count; index++) {
    const entry = 44 + 20 * index
    const from = woff.readUInt32BE(entry + 4)
    const packed = woff.subarray(from, from + woff.readUInt32BE(entry + 8))
    const length = woff.readUInt32BE(entry + 12)
    const table = packed.length < length ? inflateSync(packed) : packed
    const place = 12 + 16 * index
    woff.copy(font, place, entry, entry + 4)
    woff.copy(font, place + 4, entry + 16, entry + 20)
    font.writeUInt32BE(end, place + 8)
    font.writeUInt32BE(length, place + 12)
    table.copy(font, end)
    end += (length + 3) & ~3
  }
  return font
}
