import type { ProbeKindName } from '../../../src/domain/probes/kinds/index.ts'

/** A form of each kind with as much in it as goes together: for what must hold for every kind there is. */
export const samples: Readonly<Partial<Record<ProbeKindName, Readonly<Record<string, unknown>>>>> = {
  http: {
    url: 'https://shop.test/health',
    method: 'POST',
    headers: [
      { name: 'accept', value: 'application/json' },
      { name: 'x-api-key', value: 'of our own' },
    ],
    body: '{"a":1}\n{"b":2}',
    user: 'candor',
    password: 'of our own',
    redirects: 'site',
    mostRedirects: 3,
    downgrade: 'yes',
    proxy: 'http://proxy.example.com:3128/',
    proxyUser: 'candor',
    proxyPassword: 'of our own',
    version: '1.1',
    family: 'ipv6',
  },
  upstream: {
    page: 'https://status.example.com/',
    part: 'EU48',
    shape: 'trust',
    maintenance: 'trouble',
    intervalSeconds: 300,
  },
  tcp: { host: 'mail.example.com', port: 2525, dialogue: 'expect /^220 /m\nsend EHLO me\\r\\n', family: 'ipv6' },
  tls: { host: 'mail.example.com', port: 993, family: 'ipv4' },
  domain: { domain: 'example.com', warnDays: 20, mustBeLocked: 'yes', intervalSeconds: 7200 },
  dns: { lookUp: 'shop.test', type: 'MX', values: '10 mail.shop.test', servers: '192.0.2.53:5353 ns1.example.com' },
  udp: { host: 'ntp.example.com', port: 123, send: '1b00', format: 'hex', expect: '1c' },
  redis: { host: 'cache.example.com', user: 'candor', password: 'of our own', tls: 'yes' },
  icmp: { host: 'ntp.example.com', count: 5, family: 'ipv4' },
  grpc: {
    host: 'api.example.com',
    port: 443,
    service: 'shop.Orders',
    metadata: [{ name: 'authorization', value: 'of our own' }],
    calledName: 'orders.example.com',
  },
  websocket: {
    url: 'wss://live.example.com/feed',
    send: '{"subscribe":"orders"}',
    expects: 'subscribed',
    headers: [{ name: 'origin', value: 'https://example.com' }],
  },
  heartbeat: { period: '15m', grace: '2m', longestRun: '10m' },
  browser: {
    url: 'https://shop.test/',
    script: 'fill "E-mail" with "probe@shop.test"\nfill "Password" with "{secret}"\nexpect "Your orders"',
    secret: 'of our own',
    intervalSeconds: 300,
  },
}
