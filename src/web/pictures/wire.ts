import type { Picture } from './picture.ts'

export interface ToPainter {
  readonly id: number
  readonly picture: Picture
}

export interface FromPainter {
  readonly id: number
  readonly png: Uint8Array | null
  /** Why there is none. */
  readonly fault: string | null
}
