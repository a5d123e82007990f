import type { ProbeKindName, ProbeSpecs } from '../../../domain/probes/kinds/index.ts'
import type { ProbeKind } from '../kind.ts'

/** A heartbeat is not checked: it calls us. */
type CheckedKind = Exclude<ProbeKindName, 'heartbeat'>

/** How each kind is checked. Loaded when a probe of it is there: most sites need two of them. */
const loaders: { readonly [Name in CheckedKind]: () => Promise<ProbeKind<ProbeSpecs[Name]>> } = {
  http: async () => (await import('./http.ts')).http,
  tcp: async () => (await import('./tcp.ts')).tcp,
  tls: async () => (await import('./tls.ts')).tls,
  grpc: async () => (await import('./grpc.ts')).grpc,
  websocket: async () => (await import('./websocket.ts')).websocket,
  browser: async () => (await import('./browser.ts')).browser,
  domain: async () => (await import('./domain.ts')).domain,
  upstream: async () => (await import('./upstream.ts')).upstream,
  dns: async () => (await import('./dns.ts')).dns,
  udp: async () => (await import('./udp.ts')).udp,
  icmp: async () => (await import('./icmp.ts')).icmp,
  redis: async () => (await import('./redis.ts')).redis,
  postgres: async () => (await import('./postgres.ts')).postgres,
}

/** The way to check this kind, whose specs are its own; null if there is none, or this version knows none. */
export function loadKind(name: ProbeKindName): Promise<ProbeKind<unknown>> | null {
  return Object.hasOwn(loaders, name) ? (loaders[name as CheckedKind]() as Promise<ProbeKind<unknown>>) : null
}
