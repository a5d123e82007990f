import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { people } from '../people.ts'
import { furnished } from './headers/addresses.ts'

const marker = 'marker.evil.test'

/** The request line and its host, in ways in which somebody could try to name another one; `PATH` is what is asked for. */
const named: readonly (readonly string[])[] = [
  ['GET PATH HTTP/1.1', `Host: ${marker}`],
  ['GET PATH HTTP/1.1', `Host: ${marker}:8080`],
  ['GET PATH HTTP/1.1', `Host: ${marker}.`],
  ['GET PATH HTTP/1.1', `Host: status.example.${marker}`],
  ['GET PATH HTTP/1.1', `Host: status.example@${marker}`],
  ['GET PATH HTTP/1.1', `Host: ${marker}/status.example`],
  ['GET PATH HTTP/1.1', `Host: ${marker}\\status.example`],
  ['GET PATH HTTP/1.1', `Host: status.example#${marker}`],
  ['GET PATH HTTP/1.1', `Host: status.example?${marker}`],
  ['GET PATH HTTP/1.1', `Host: "><script>${marker}</script>`],
  ['GET PATH HTTP/1.1', `Host: status.example ${marker}`],
  ['GET PATH HTTP/1.1', `Host: STATUS.EXAMPLE`, `X-Host: ${marker}`],
  ['GET PATH HTTP/1.1', `Host: xn--marker-evil-9za.${marker}`],
  ['GET PATH HTTP/1.1', `Host: märker.${marker}`],
  ['GET PATH HTTP/1.1', `Host: [::1%25${marker}]`],
  ['GET PATH HTTP/1.1', `Host: 127.0.0.1:99999 ${marker}`],
  ['GET PATH HTTP/1.1', 'Host: status.example', `Host: ${marker}`],
  ['GET PATH HTTP/1.1', `Host: ${marker}`, 'Host: status.example'],
  ['GET PATH HTTP/1.1', `Host:\t${marker}`],
  ['GET PATH HTTP/1.1', ` Host: ${marker}`, 'Host: status.example'],
  ['GET PATH HTTP/1.1', `Host : ${marker}`, 'Host: status.example'],
  [`GET http://${marker}PATH HTTP/1.1`, 'Host: status.example'],
  [`GET https://${marker}PATH HTTP/1.1`, `Host: ${marker}`],
  [`GET //${marker}PATH HTTP/1.1`, 'Host: status.example'],
  [`GET /\\${marker}PATH HTTP/1.1`, 'Host: status.example'],
  [`GET PATH?host=${marker}&url=https://${marker}/ HTTP/1.1`, 'Host: status.example'],
  ['GET PATH HTTP/1.0', `Host: ${marker}`],
  ['GET PATH HTTP/1.0'],
]

/** What proxies say of the host that they were asked for. */
const forwarded: readonly (readonly string[])[] = [
  [`X-Forwarded-Host: ${marker}`],
  [`X-Forwarded-Host: status.example, ${marker}`],
  [`X-Forwarded-Server: ${marker}`],
  [`X-Original-Host: ${marker}`],
  [`X-HTTP-Host-Override: ${marker}`],
  [`X-Rewrite-Url: https://${marker}/`, `X-Original-Url: /${marker}`],
  [`Forwarded: host=${marker};proto=https;for=192.0.2.1`],
  [`Forwarded: for="[2001:db8::1]";host="${marker}"`],
  [`X-Forwarded-Proto: https`, `X-Forwarded-Host: ${marker}`],
  [`X-Forwarded-Prefix: /${marker}`],
  [`X-Forwarded-Port: 444`, `X-Forwarded-For: ${marker}`],
  [`Origin: https://${marker}`, `Referer: https://${marker}/`],
  [`Via: 1.1 ${marker}`, `X-Real-IP: ${marker}`],
]

const said = forwarded.map((lines) => ['GET PATH HTTP/1.1', 'Host: status.example', ...lines])
const variants = [...named, ...said]

// prettier-ignore
const paths = [
  '/', '/history', '/history.atom', '/calendar.ics', '/sitemap.xml', '/badge.svg', '/summary.json', '/api/v2/summary.json',
  '/embed.js', '/llms.txt', '/en/', '/find?q=EU7', '/en/history/search?q=x', '/admin', '/setup', '/nowhere', '/api/v1/nowhere',
]

async function asked(port: number, lines: readonly string[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(Buffer.from(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`))
  return String(await buffer(socket))
}

/** All that may differ between two answers to the same question: when they were given, and whose form it is. */
function lasting(answer: string): string {
  return answer
    .replace(/\r\ndate: [^\r]+/i, '')
    .replace(/\r\nset-cookie: [^\r]+/gi, '')
    .replaceAll(/name="token" value="[^"]+"/g, '')
    .replaceAll(/\b(?:GET|"token":)\S*/g, '')
}

test.each([
  ['a stranger', {}, variants],
  ['a proxy that is trusted', { CANDOR_TRUST_PROXY: '127.0.0.1' }, said],
])(
  'no host that %s names is ever in an answer, and a page is shown whatever it is called',
  async (_, settings, ways) => {
    const { app } = await furnished({ ...settings })
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    expect(variants.length).toBeGreaterThanOrEqual(40)
    const wrong: string[] = []
    for (const path of paths) {
      const plain = lasting(await asked(port, [`GET ${path} HTTP/1.1`, 'Host: status.example']))
      for (const lines of ways) {
        // What somebody searches for stands in the field again.
        if (path.includes('?') && lines[0]?.includes('PATH?')) continue
        const answer = await asked(
          port,
          lines.map((line) => line.replace('PATH', path)),
        )
        const at = `${lines.join(' | ').replace('PATH', path)}`
        // Of an address of nothing no more is repeated than its own path.
        if (answer.replaceAll(`/${marker}${path}`, '').includes(marker)) wrong.push(`${at}: names it`)
        const isOther = /^GET (?:\/[/\\]|http|PATH\?)/.test(lines[0] ?? '') || lines[0]?.endsWith('1.0') === true
        const isRefused = answer.startsWith('HTTP/1.1 400')
        if (!isOther && !isRefused && lasting(answer) !== plain) wrong.push(`${at}: answers otherwise`)
      }
    }
    expect(wrong).toEqual([])
    expect(await asked(port, ['GET / HTTP/1.1', `Host: ${marker}`])).toContain('HTTP/1.1 200')
  },
  60_000,
)

test('whoever may not say who they are gets no further attempt by saying it a thousand times', async () => {
  const { app, here } = await furnished({})
  const { cy } = await people(here)
  await cy.opens('/admin/sign-in')
  const report = async (address: string): Promise<number> => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      'x-forwarded-for': address,
      'x-real-ip': address,
      forwarded: `for=${address}`,
      'cf-connecting-ip': address,
      'true-client-ip': address,
    }
    return (await app.inject({ method: 'POST', url: '/reports', headers, payload: '' })).statusCode
  }
  const statuses: number[] = []
  for (let at = 0; at < 1000; at += 1) statuses.push(await report(`203.${at % 200}.${at >> 2}.7`))
  // As many as one network may send in ten minutes, and no more.
  expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(60)
  expect(statuses[0]).toBe(303)
})

test('a proxy that is trusted is believed who asks, and nobody behind it who it is', async () => {
  const { app } = await furnished({ CANDOR_TRUST_PROXY: '127.0.0.1' })
  const report = async (chain: string): Promise<number> => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      'x-forwarded-for': chain,
    }
    return (await app.inject({ method: 'POST', url: '/reports', headers, payload: '' })).statusCode
  }
  const invented: number[] = []
  // What a client wrote itself stands in front of what the proxy adds.
  for (let at = 0; at < 100; at += 1) invented.push(await report(`203.0.${at}.7, 198.51.100.7`))
  expect(invented.filter((status) => status !== 429).length).toBeLessThanOrEqual(60)
  // A quick machine sends more than all readers together may in a second: then the next one is asked.
  await expect.poll(() => report('192.0.2.9')).not.toBe(429)
})
