/** The package brings no types: what we use of it. */
declare module 'http_ece' {
  import type { Buffer } from 'node:buffer'
  import type { ECDH } from 'node:crypto'

  export function encrypt(
    text: Buffer,
    how: {
      readonly version: 'aes128gcm'
      readonly privateKey: ECDH
      readonly dh: string
      readonly authSecret: string
      readonly rs: number
    },
  ): Buffer
}
