import { isIP } from 'node:net'
import { Invalid } from './errors.ts'

/** An address to listen on. */
export interface Door {
  readonly host: string
  readonly port: number
}

/** `127.0.0.1:9464`, `[::1]:9464`. */
export function doorAt(text: string): Door {
  const [, host = '', port = ''] = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(text) ?? []
  const bare = host.replace(/^\[|\]$/g, '')
  if (!(isIP(bare) > 0 || bare === 'localhost') || Number(port) > 65_535) throw new Invalid('')
  return { host: bare, port: Number(port) }
}
