import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js'
import { Severity } from 'csp_evaluator/dist/finding.js'
import { CspParser } from 'csp_evaluator/dist/parser.js'
import type { LightMyRequestResponse } from 'fastify'
import { expect, test } from 'vitest'
import { inboundKinds, inboundPath } from '../../../src/domain/subscribers/inbound/addresses.ts'
import { type LinkPurpose, linkToken } from '../../../src/domain/subscribers/links.ts'
import { readers } from '../../domain/subscribers/readers.ts'
import { furnished } from './addresses.ts'
import { observed } from './observatory.ts'

/** Of every answer. */
const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** What the pages of others read and show, in every language; and nothing else is for other origins. */
const forAll =
  /^(?:\/fa)?\/(?:api\/v2\/.*|api\/v1\/openapi\.json|(?:(?:components|incidents)\/\w+\/)?(?:history\.(?:atom|rss)|feed\.json|calendar\.ics)|(?:components\/\w+\/)?(?:(?:badge|uptime|latency|embed)\.(?:svg|json))|embed\.js|(?:incidents\/\w+\/)?picture\.png|incidents\/\w+\.json|summary\.json|record(?:\/uptime)?\.(?:json|csv)|(?:index|record|incidents\/\w+|maintenances\/\w+|history\/[\d-]+)\.md|llms\.txt|robots\.txt|sitemap\.xml|favicon\.svg|ledger\.jsonl|ledger\/(?:head\.json|entries\/1\.txt|verify\.js|page\.js))$/

/** What is made for one who asks now: a search, a state of the process. */
const ofNow = /^(?:\/fa)?\/(?:healthz|readyz|find|history\/search|reports)$/

const nowhere = [
  '/nowhere',
  '/fa/nowhere',
  '/admin/nowhere',
  '/setup/nowhere',
  '/api/v2/nowhere',
  '/api/v1/nowhere',
  '/v1/nowhere',
  '/api/places/v1/nowhere',
  '/assets/nowhere.js',
  '/hb/none/nowhere',
  '/%',
  '/%zz',
  `/${'x'.repeat(300)}`,
  '/incidents/nowhere',
  '/logo/nowhere.svg',
]

interface Asked {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS' | 'DELETE'
  readonly path: string
  readonly answer: LightMyRequestResponse
}

async function everyAnswer(url: string): Promise<Asked[]> {
  const { app, routes, addressOf } = await furnished({ CANDOR_URL: url })
  const paths = [...new Set(routes.map(addressOf)), ...nowhere]
  const asked: Asked[] = []
  for (const path of paths) {
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE'] as const) {
      asked.push({ method, path, answer: await app.inject({ method, url: path }) })
    }
  }
  return asked
}

function isPage({ answer }: Asked): boolean {
  return String(answer.headers['content-type']).startsWith('text/html')
}

/** What is wrong with an answer, in words. */
function faults(asked: Asked, isSecure: boolean): string[] {
  const { method, path, answer } = asked
  const { headers, statusCode: status } = answer
  const found: string[] = []
  const say = (fault: string): unknown => found.push(`${method} ${path} (${status}): ${fault}`)
  for (const [name, value] of Object.entries(always)) if (headers[name] !== value) say(`${name} is not ${value}`)
  // Over http the desk knows its own forms by their origin, which browsers hide with `no-referrer`.
  const told = /^\/(?:admin|setup)(?:\/|$)/.test(path) ? 'same-origin' : 'no-referrer'
  if (headers['referrer-policy'] !== told) say(`the referrer policy is not ${told}`)
  const policy = String(headers['content-security-policy'])
  if (!policy.startsWith("default-src 'none'; ")) say(`the policy is ${policy}`)
  if (!policy.includes("frame-ancestors 'none'")) say('it may be framed')
  if (/unsafe|\*|https?:(?!\/\/status\.example(?:;|$))/.test(policy)) say(`the policy allows ${policy}`)
  const transport = headers['strict-transport-security']
  if (transport !== (isSecure ? 'max-age=31536000' : undefined)) say(`transport is ${transport}`)
  if (isPage(asked)) {
    if (headers['cross-origin-opener-policy'] !== 'same-origin') say('others may hold its window')
    if (!String(headers['permissions-policy']).includes('camera=()')) say('it may use the camera')
  }
  const isForAll = forAll.test(path) && status < 400 && (method === 'GET' || method === 'HEAD')
  const isOpen = headers['access-control-allow-origin'] !== undefined
  // Its errors are read by the same programs, and so is what a browser asks before.
  const mayBeOpen = isForAll || path.startsWith('/api/v2/')
  if (isForAll && !isOpen) say('other origins may not read it')
  if (isOpen && (!mayBeOpen || headers['access-control-allow-origin'] !== '*')) say('other origins may read it')
  if ('access-control-allow-credentials' in headers) say('with credentials')
  const mayBeShown = isOpen || (path.startsWith('/logo/') && status === 200)
  const shown = headers['cross-origin-resource-policy']
  if (shown !== (mayBeShown ? 'cross-origin' : 'same-origin')) say(`it is shown ${String(shown)}`)
  const kept = String(headers['cache-control'])
  const isPublished = (method === 'GET' || method === 'HEAD') && status === 200 && !isPrivate(path)
  if (isPublished ? !/^(?:public|max-age=10, public)\b/.test(kept) : kept !== 'no-store') say(`it is kept ${kept}`)
  if ('set-cookie' in headers && !/^\/(?:admin|setup)(?:\/|$)/.test(path)) say('it sets a cookie')
  for (const name of ['server', 'x-powered-by', 'via']) if (name in headers) say(`${name} is ${String(headers[name])}`)
  if (JSON.stringify(headers).includes('0.1.0')) say('it names the release')
  if (status >= 500 && path !== '/readyz') say('it failed')
  return found
}

function isPrivate(path: string): boolean {
  // What describes the API is for whoever writes a program.
  if (path === '/api/v1/openapi.json') return false
  return (
    /^\/(?:admin|setup|metrics|hb|v1|api\/(?:v1|places)|subscriptions\/(?:confirm|manage|leave)|inbound)(?:\/|$)/.test(
      path,
    ) || ofNow.test(path)
  )
}

test('every answer of every route, and every error, is as strict as it can be, over https', async () => {
  const answers = await everyAnswer('https://status.example')
  expect(answers.length).toBeGreaterThan(1200)
  expect(answers.flatMap((one) => faults(one, true))).toEqual([])
  const grades = answers.map(({ method, path, answer }) => ({ at: `${method} ${path}`, ...observed(answer.headers) }))
  expect(grades.filter(({ grade }) => grade !== 'A+')).toEqual([])
  const policies = new Set(answers.map(({ answer }) => String(answer.headers['content-security-policy'])))
  expect(policies.size).toBeGreaterThan(2)
  expect([...policies].flatMap(weaknesses)).toEqual([])
}, 120_000)

test('what a reader gets by a link of their own, and what providers tell, is kept nowhere and as strict', async () => {
  const { app, here } = await furnished({ CANDOR_URL: 'https://status.example' })
  const reader = readers(here)
  await reader.subscribes('cy@example.org')
  const { id } = await reader.found('cy@example.org')
  const link = (purpose: LinkPurpose): string =>
    `/subscriptions/${purpose}/${linkToken(here.vault, purpose, { id, links: 1 }, null)}`
  const manage = link('manage')
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const asked = [
    ...['', '/everything', '/everything.json'].map((end) => ({ method: 'GET', url: manage + end }) as const),
    { method: 'POST', url: `${manage}/pause`, headers: form } as const,
    { method: 'POST', url: `${manage}/resume`, headers: form } as const,
    { method: 'GET', url: link('confirm') } as const,
    ...inboundKinds.map((kind) => ({ method: 'POST', url: inboundPath(here.vault, kind), headers: form }) as const),
    { method: 'GET', url: link('leave') } as const,
    // The last: it ends the subscription.
    { method: 'POST', url: link('leave'), headers: form, payload: 'List-Unsubscribe=One-Click' } as const,
  ]
  const found: string[] = []
  for (const one of asked) {
    const answer = await app.inject(one)
    if (answer.statusCode === 404) found.push(`${one.method} ${one.url} leads nowhere`)
    found.push(...faults({ method: one.method, path: one.url, answer }, true))
    if (answer.headers['referrer-policy'] !== 'no-referrer') found.push(`${one.url} goes with whoever follows a link`)
  }
  expect(found).toEqual([])
})

test('without https nothing is promised of https, and everything else is the same', async () => {
  const { app, routes, addressOf } = await furnished({ CANDOR_URL: 'http://status.example' })
  const here = routes.filter(({ url, method }) => method === 'GET' && !/^\/[a-z]{2}(?:-\w+)?(?:\/|$)/.test(url))
  const found: string[] = []
  for (const path of [...new Set(here.map(addressOf)), ...nowhere]) {
    found.push(...faults({ method: 'GET', path, answer: await app.inject(path) }, false))
  }
  expect(found).toEqual([])
})

/** What the evaluator of Google finds that weighs anything. */
function weaknesses(policy: string): string[] {
  const findings = new CspEvaluator(new CspParser(policy).csp).evaluate()
  return findings
    .filter(({ severity }) => severity <= Severity.MEDIUM)
    .map(({ directive, description }) => `${directive}: ${description}`)
}

test('the two that judge tell a good answer from a bad one', () => {
  expect(observed({}).grade).toBe('D')
  const loose = { 'content-security-policy': "default-src *; script-src 'unsafe-inline'" }
  expect(observed(loose).why[0]?.result).toBe('csp-implemented-with-unsafe-inline')
  expect(weaknesses(loose['content-security-policy'])).not.toEqual([])
})
