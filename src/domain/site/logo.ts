import { createHash } from 'node:crypto'
import { Invalid } from '../../lib/errors.ts'
import { rootOf } from '../../lib/xml-root.ts'
import type { Logo } from './site.ts'

export interface LogoFile {
  readonly logo: Logo
  readonly contentType: 'image/svg+xml' | 'image/png'
  readonly bytes: Buffer
}

const largest = 64 * 1024
const signature = Buffer.from('89504e470d0a1a0a', 'hex')

/**
 * Reads a picture by what is in it, whatever it is called. A drawing is kept as it is: its own answer forbids it to run
 * or to load anything, and as a picture of a page no browser lets it (docs/decisions/014).
 */
export function readPicture(bytes: Buffer): LogoFile {
  if (bytes.length > largest) throw new Invalid('The logo must be at most 64 kB.', 'logo')
  const isPng = bytes.subarray(0, 8).equals(signature)
  const size = isPng ? sizeOfPng(bytes) : sizeOfSvg(bytes.toString('utf8'))
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 20)
  return {
    logo: { name: `${hash}.${isPng ? 'png' : 'svg'}`, ...size },
    contentType: isPng ? 'image/png' : 'image/svg+xml',
    bytes,
  }
}

interface Size {
  readonly width: number
  readonly height: number
}

function sizeOfPng(bytes: Buffer): Size {
  if (bytes.length < 24) throw new Invalid('The logo must be a whole PNG picture.', 'logo')
  return sized(bytes.readUInt32BE(16), bytes.readUInt32BE(20))
}

function sizeOfSvg(text: string): Size {
  const root = rootOf(text)
  if (root?.name !== 'svg') throw new Invalid('The logo must be an SVG drawing or a PNG picture.', 'logo')
  const { viewBox = '', width = '', height = '' } = root.attributes
  const [, , boxWidth, boxHeight] = viewBox.trim().split(/[\s,]+/)
  return sized(Number.parseFloat(boxWidth ?? width), Number.parseFloat(boxHeight ?? height))
}

function sized(width: number, height: number): Size {
  const isSize = (one: number): boolean => Number.isFinite(one) && one > 0 && one <= 20_000
  if (!isSize(width) || !isSize(height)) throw new Invalid('The logo must say how wide and how high it is.', 'logo')
  if (width > 10 * height) throw new Invalid('The logo must be at most ten times as wide as it is high.', 'logo')
  return { width, height }
}
