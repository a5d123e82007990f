import type { Answer, Ask } from './asking.ts'

/** What no stranger may ever read: words from inside. */
const inside = [
  /\n\s+at .+:\d+:\d+/,
  /node_modules|node:internal/,
  /\bSQLITE_[A-Z]|better-sqlite3|PostgresError|\bpg_[a-z]+ does not|syntax error at or near/,
  /no such (table|column):|UNIQUE constraint|violates (unique|foreign)/i,
  /select [\s\S]{1,80} from "?[a-z_]+"? where/i,
  /TypeError|RangeError|ReferenceError|Cannot read propert/,
]

/** What is wrong with this answer to a bad request, or null. */
export function faultOf(one: Ask, answer: Answer, canaries: readonly string[]): string | null {
  const { status, headers, body } = answer
  if (status < 200 || status >= 500) return `it was answered ${status}`
  const all = `${JSON.stringify(headers)}\n${body}`
  const canary = canaries.find((secret) => all.includes(secret))
  if (canary !== undefined) return `the answer holds a secret: ${canary}`
  const told = status >= 400 ? inside.find((pattern) => pattern.test(body)) : undefined
  if (told) return `the answer tells what only a log may know: ${String(told)}`
  if (status >= 400 && one.method !== 'HEAD') return namelessness(answer)
  return null
}

/** Null where a refusal says in words what it is about. */
function namelessness({ headers, body }: Answer): string | null {
  const type = headers['content-type'] ?? ''
  if (type.startsWith('text/html')) return /<h1[^>]*>\s*\S/.test(body) ? null : 'its page has no heading'
  if (/json/.test(type)) {
    const said = parsed(body) as { error?: unknown; detail?: unknown } | null
    const words = [said?.detail ?? said?.error].flat()
    return words.length > 0 && words.every((word) => typeof word === 'string' && word.length > 5)
      ? null
      : 'its JSON names no problem'
  }
  return body.trim().length > 5 ? null : 'it is refused without a word'
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return null
  }
}

export function written(one: Ask): string {
  const headers = Object.entries(one.headers).map(([name, value]) => `${name}: ${value}\n`)
  const body = Buffer.isBuffer(one.body) ? `(base64) ${one.body.toString('base64')}` : JSON.stringify(one.body ?? '')
  return `${one.method} ${one.path}\n${headers.join('')}\n${body.slice(0, 2000)}\n(of ${one.of})`
}
