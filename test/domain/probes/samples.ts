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
}
