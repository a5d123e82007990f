import { dns } from './dns.ts'
import { browser } from './browser.ts'
import { domain } from './domain.ts'
import { grpc } from './grpc.ts'
import { heartbeat } from './heartbeat.ts'
import { http } from './http.ts'
import type { AnyKind } from './kind.ts'
import { icmp } from './icmp.ts'
import { postgres } from './postgres.ts'
import { redis } from './redis.ts'
import { tcp } from './tcp.ts'
import { tls } from './tls.ts'
import { udp } from './udp.ts'
import { upstream } from './upstream.ts'
import { websocket } from './websocket.ts'

/** Every kind of probe there is, by the word that is kept; those that are chosen most come first. */
export const kinds = {
  http,
  heartbeat,
  tls,
  tcp,
  dns,
  icmp,
  browser,
  websocket,
  grpc,
  postgres,
  redis,
  udp,
  domain,
  upstream,
}

export type ProbeKindName = keyof typeof kinds
export type ProbeSpecs = { readonly [Name in ProbeKindName]: ReturnType<(typeof kinds)[Name]['read']> }

export const kindNames = Object.keys(kinds) as ProbeKindName[]

/** The rules of a kind that is known only now. */
export function kindOf(name: ProbeKindName): AnyKind {
  return kinds[name] as unknown as AnyKind
}
