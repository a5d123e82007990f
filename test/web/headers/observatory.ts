/**
 * How the HTTP Observatory of Mozilla grades an answer: its published tests and modifiers, of 2024, as far as they can be
 * told from one answer. What it asks of other answers (that http leads to https, that a browser knows the host by heart)
 * is left out. https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
 */
type Headers = Readonly<Record<string, string | string[] | number | undefined>>

interface Judgement {
  readonly test: string
  readonly result: string
  readonly points: number
}

type Row = readonly [result: string, points: number, holds: (headers: Headers) => boolean]

/** Of each test the first row that holds. */
const tests: Readonly<Record<string, readonly Row[]>> = {
  'content-security-policy': [
    ['csp-not-implemented', -25, (headers) => directives(headers).size === 0],
    ['csp-implemented-with-unsafe-inline', -20, (headers) => scriptSources(headers).some((one) => isBroad(one))],
    ['csp-implemented-with-unsafe-eval', -10, (headers) => scriptSources(headers).includes("'unsafe-eval'")],
    ['csp-implemented-with-insecure-scheme', -20, (headers) => sources(headers).some((one) => isInsecure(one))],
    [
      'csp-implemented-with-unsafe-inline-in-style-src-only',
      0,
      (headers) => sourcesOf(headers, 'style-src').some(isBroad),
    ],
    ['csp-implemented-with-no-unsafe-default-src-none', 10, (headers) => isNothing(sourcesOf(headers, 'default-src'))],
    ['csp-implemented-with-no-unsafe', 5, () => true],
  ],
  cookies: [
    ['cookies-not-found', 0, (headers) => cookies(headers).length === 0],
    ['cookies-session-without-secure-flag', -40, (headers) => !cookies(headers).every((one) => /; secure/i.test(one))],
    [
      'cookies-session-without-httponly-flag',
      -30,
      (headers) => !cookies(headers).every((one) => /; httponly/i.test(one)),
    ],
    [
      'cookies-samesite-flag-invalid',
      -20,
      (headers) => !cookies(headers).every((one) => /; samesite=(lax|strict)/i.test(one)),
    ],
    ['cookies-secure-with-httponly-sessions-and-samesite', 5, () => true],
  ],
  'cross-origin-resource-sharing': [
    [
      'cross-origin-resource-sharing-implemented-with-universal-access',
      -50,
      (headers) => 'access-control-allow-credentials' in headers,
    ],
    ['cross-origin-resource-sharing-implemented-with-public-access', 0, () => true],
  ],
  'strict-transport-security': [
    ['hsts-not-implemented', -20, (headers) => seconds(headers) === null],
    ['hsts-implemented-max-age-less-than-six-months', -10, (headers) => (seconds(headers) ?? 0) < 15_768_000],
    ['hsts-implemented-max-age-at-least-six-months', 0, () => true],
  ],
  'referrer-policy': [
    [
      'referrer-policy-private',
      5,
      (headers) =>
        /^(no-referrer|same-origin|strict-origin(-when-cross-origin)?)$/.test(of(headers, 'referrer-policy')),
    ],
    ['referrer-policy-not-implemented', 0, (headers) => of(headers, 'referrer-policy') === ''],
    ['referrer-policy-unsafe', -5, () => true],
  ],
  'x-content-type-options': [
    ['x-content-type-options-nosniff', 0, (headers) => of(headers, 'x-content-type-options') === 'nosniff'],
    ['x-content-type-options-not-implemented', -5, () => true],
  ],
  'x-frame-options': [
    ['x-frame-options-implemented-via-csp', 5, (headers) => directives(headers).has('frame-ancestors')],
    ['x-frame-options-sameorigin-or-deny', 0, (headers) => /^(DENY|SAMEORIGIN)$/.test(of(headers, 'x-frame-options'))],
    ['x-frame-options-not-implemented', -20, () => true],
  ],
  'cross-origin-resource-policy': [
    [
      'corp-implemented-with-same-origin',
      10,
      (headers) => of(headers, 'cross-origin-resource-policy') === 'same-origin',
    ],
    ['corp-implemented-with-cross-origin', 0, () => true],
  ],
}

/** The lowest score of each grade, best first. */
// prettier-ignore
const grades = [
  ['A+', 100], ['A', 90], ['A-', 85], ['B+', 80], ['B', 70], ['B-', 65], ['C+', 60], ['C', 50], ['C-', 45], ['D+', 40],
  ['D', 30], ['D-', 25], ['F', 0],
] as const

export function observed(headers: Headers): {
  readonly grade: string
  readonly score: number
  readonly why: Judgement[]
} {
  const why = Object.entries(tests).map(([test, rows]) => {
    const [result, points] = rows.find(([, , holds]) => holds(headers)) ?? ['unknown', 0]
    return { test, result, points }
  })
  const base = 100 + sum(why.filter(({ points }) => points < 0))
  // Extra credit is for those who have no gaps.
  const score = Math.max(0, base >= 90 ? base + sum(why.filter(({ points }) => points > 0)) : base)
  return { grade: grades.find(([, least]) => score >= least)?.[0] ?? 'F', score, why }
}

function sum(judgements: readonly Judgement[]): number {
  return judgements.reduce((total, { points }) => total + points, 0)
}

function of(headers: Headers, name: string): string {
  return String(headers[name] ?? '')
}

function cookies(headers: Headers): string[] {
  return [headers['set-cookie'] ?? []].flat().map(String)
}

function seconds(headers: Headers): number | null {
  const [, age] = /max-age=(\d+)/.exec(of(headers, 'strict-transport-security')) ?? []
  return age === undefined ? null : Number(age)
}

function directives(headers: Headers): Map<string, string[]> {
  const parts = of(headers, 'content-security-policy').split(';')
  return new Map(
    parts.flatMap((part) => {
      const [name, ...rest] = part.trim().split(/\s+/)
      return name ? [[name, rest]] : []
    }),
  )
}

function sourcesOf(headers: Headers, directive: string): string[] {
  return directives(headers).get(directive) ?? directives(headers).get('default-src') ?? ['*']
}

function scriptSources(headers: Headers): string[] {
  return [...sourcesOf(headers, 'script-src'), ...sourcesOf(headers, 'object-src')]
}

function sources(headers: Headers): string[] {
  return [...directives(headers).values()].flat()
}

function isBroad(source: string): boolean {
  return ["'unsafe-inline'", 'data:', 'https:', 'http:', '*'].includes(source)
}

function isInsecure(source: string): boolean {
  return source.startsWith('http:')
}

function isNothing(found: readonly string[]): boolean {
  return found.length === 1 && found[0] === "'none'"
}
