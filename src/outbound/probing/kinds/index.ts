import type { ProbeKindName, ProbeSpecs } from '../../../domain/probes/kinds/index.ts'
import type { ProbeKind } from '../kind.ts'

/** How each kind is checked. Loaded when a probe of it is there: most sites need two of them. */
const loaders: { readonly [Name in ProbeKindName]: () => Promise<ProbeKind<ProbeSpecs[Name]>> } = {
  http: async () => (await import('./http.ts')).http,
  tcp: async () => (await import('./tcp.ts')).tcp,
  tls: async () => (await import('./tls.ts')).tls,
  grpc: async () => (await import('./grpc.ts')).grpc,
  websocket: async () => (await import('./websocket.ts')).websocket,
  domain: async () => (await import('./domain.ts')).domain,
  upstream: async () => (await import('./upstream.ts')).upstream,
  dns: async () => (await import('./dns.ts')).dns,
  udp: async () => (await import('./udp.ts')).udp,
  icmp: async () => (await import('./icmp.ts')).icmp,
  redis: async () => (await import('./redis.ts')).redis,
}

/** The way to check this kind, whose specs are its own; null if a newer version left a kind that we do not know. */
export function loadKind(name: ProbeKindName): Promise<ProbeKind<unknown>> | null {
  return Object.hasOwn(loaders, name) ? (loaders[name]() as Promise<ProbeKind<unknown>>) : null
}
