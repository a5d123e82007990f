import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/**
 * Every module that can open a connection or look up a name, and what keeps it from going where it must not. A new one is
 * refused here until somebody writes down why it may.
 */
const doors: Readonly<Record<string, string>> = {
  'src/lib/connection.ts': 'the guard: resolves once, judges every address, connects to the one that was judged',
  'src/lib/resolver.ts': 'answers names to the guard',
  'src/lib/root-names.ts': 'answers names to the guard',
  'src/lib/datagrams.ts': 'sends to an address that the guard judged',
  'src/lib/exchange.ts': 'speaks over a connection of the guard',
  'src/lib/exchange-http2.ts': 'speaks over a connection of the guard',
  'src/lib/unary-call.ts': 'speaks over a connection of the guard',
  'src/lib/tunnel.ts': 'speaks over a connection of the guard',
  'src/lib/guarded-proxy.ts': 'lets a browser out through the guard only',
  'src/outbound/probing/kinds/postgres.ts': 'is given a connection of the guard',
  'src/outbound/probing/kinds/websocket.ts': 'is given a connection of the guard',
  'src/outbound/visiting/visitor.ts': 'starts a browser that knows no way out but the guarded proxy',
  'src/outbound/signing-on/provider.ts': 'its library is given a fetch of the guard',
  // These go where the operator of the machine says, in the environment; nobody at the desk can name an address.
  'src/database/postgres-pool.ts': 'the database of CANDOR_DATABASE_URL',
  'src/outbound/bucket.ts': 'the store of CANDOR_MIRROR_BUCKET and of backups',
  'src/outbound/notify/smtp.ts': 'the server of CANDOR_SMTP_URL',
  'src/outbound/probing/agent-link.ts': 'the server of an agent, from its own settings',
  // These only listen.
  'src/web/shared/listener.ts': 'listens',
  'src/web/metrics/listener.ts': 'listens',
  'src/lib/drain.ts': 'ends what listens',
  'src/lib/inherited-socket.ts': 'asks where what was handed to it listens',
  'src/follower.ts': 'is handed what listens',
  'src/followers.ts': 'hands on what listens',
}

const harmless = /^(?:isIP|isIPv4|isIPv6|STATUS_CODES|validateHeaderValue|type .*)$/
const statement =
  /import (?!type)(?:(\w+)|\{([^}]*)\})(?:, \{[^}]*\})? from '(?:node:(?:net|tls|http|https|http2|dns|dns\/promises|dgram)|pg|ws|undici|@aws-sdk\/[\w-]+|playwright-core|openid-client|nodemailer)'|import\('(?:pg|ws|@aws-sdk\/[\w-]+|playwright-core|openid-client|nodemailer)'\)/g

function opens(text: string): boolean {
  const imports = [...text.matchAll(statement)].some(
    ([, whole, names = '']) =>
      whole !== undefined ||
      names === '' ||
      names.split(',').some((name) => name.trim() !== '' && !harmless.test(name.trim())),
  )
  // A name that is not brought in: the one that every module has.
  return (
    imports ||
    (/(?<![.\w])(?:globalThis\.)?fetch\((?!request|url\b.*guard)/.test(text.replaceAll(/^\s*(?:\*|\/\/).*$/gm, '')) &&
      !/(?:const|function) fetch\b/.test(text))
  )
}

test('connections leave through the guard, and whatever else opens one says why it may', () => {
  const found = globSync('src/**/*.ts').filter((path) => opens(readFileSync(path, 'utf8')))
  expect(found.filter((path) => !(path in doors)).toSorted()).toEqual([])
  expect(Object.keys(doors).filter((path) => !found.includes(path))).toEqual([])
})

test.each([
  `import { connect } from 'node:net'`,
  `import { type Socket, connect } from 'node:tls'`,
  `import {\n  type Socket,\n  request,\n} from 'node:https'`,
  `import pg from 'pg'`,
  `const { S3 } = await import('@aws-sdk/client-s3')`,
  `await fetch('http://a.example')`,
])('this opens a connection: %s', (text) => {
  expect(opens(text)).toBe(true)
})

test.each([
  `import { isIP } from 'node:net'`,
  `import type { Socket } from 'node:net'`,
  `import { STATUS_CODES } from 'node:http'`,
])('this opens none: %s', (text) => {
  expect(opens(text)).toBe(false)
})
