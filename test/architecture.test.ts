import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Files, circles, climbs, loadedWith } from './architecture/tower.ts'
import { rawOutput, strayWords, tooLong, wordsForReaders } from './architecture/words.ts'

function read(...patterns: string[]): Files {
  return new Map(
    patterns.flatMap((pattern) => globSync(pattern).map((path) => [path, readFileSync(path, 'utf8')] as const)),
  )
}

const product = read('src/**/*.ts', 'migrations/**/*.ts')
const templates = read('views/**/*.eta')
const publicTemplates = read('views/public/**/*.eta', 'views/layouts/public.eta')

test('no import climbs, and no floor uses a package that is not its business', () => {
  expect(climbs(product)).toEqual([])
})

test('no files import each other in a ring', () => {
  expect(circles(product)).toEqual([])
  expect(circles(read('test/**/*.ts', 'bench/**/*.ts', 'demo/**/*.ts'))).toEqual([])
})

test('a restart answers before a database or a face is loaded, and the desk and the API are loaded with none of them', () => {
  const beforeReaders = ['src/run.ts', 'src/cli/serve.ts'].flatMap((file) => [...loadedWith(file, product)])
  expect(beforeReaders).toContain('src/web/shared/listener.ts')
  expect(beforeReaders.filter((to) => /^src\/(database|app|deps|outbound)|^fastify$|^kysely$/.test(to))).toEqual([])
  const beforeAsked = [...loadedWith('src/product.ts', product)]
  expect(beforeAsked).toContain('src/web/public/routes.ts')
  expect(beforeAsked.filter((to) => /^src\/web\/(admin|api)\//.test(to)).toSorted()).toEqual([
    'src/web/admin/closed.ts',
    'src/web/admin/styles.ts',
    'src/web/admin/unavailable.ts',
    'src/web/api/addresses.ts',
    'src/web/api/closed.ts',
  ])
})

test('no file is longer than one can keep in mind', () => {
  const all = read('{src,migrations,test,bench,demo}/**/*.ts', '{scripts,bin}/*.js', 'views/**/*.{eta,css,js}')
  expect(tooLong(all)).toEqual([])
})

test('databases, time, chance and HTTP are named only where they belong', () => {
  expect(strayWords(product)).toEqual([])
})

test('templates put nothing into a page unescaped, save other templates and Markdown', () => {
  expect(rawOutput(templates)).toEqual([])
})

test('public templates have no words of their own', () => {
  expect(wordsForReaders(publicTemplates)).toEqual([])
})

// A rule that cannot fail is no rule: each one is shown a small tree that breaks it.
test.each([
  ['src/domain/incidents/x.ts', `import { a } from '../../web/shared/x.ts'`],
  ['src/domain/changes/x.ts', `import type { A } from '../incidents/incident.ts'`],
  ['src/lib/x.ts', `import type { A } from '../domain/site/site.ts'`],
  ['src/lib/x.ts', `const a = await import('../domain/site/site.ts')`],
  ['src/web/public/x.ts', `import { a } from '../admin/x.ts'`],
  ['src/web/public/x.ts', `import {\n  a,\n  b,\n} from '../../deps.ts'`],
  ['src/web/public/x.ts', `import { a } from '../../outbound/probing/kinds/index.ts'`],
  ['src/web/admin/x.ts', `import { a } from '../../outbound/probing/worker.ts'`],
  ['src/web/compat/statuspage/x.ts', `import { sql } from '../../../database/database.ts'`],
  ['src/outbound/x.ts', `import type { A } from '../web/shared/x.ts'`],
  ['src/domain/site/x.ts', `import Fastify from 'fastify'`],
  ['src/domain/site/x.ts', `import pg from 'pg'`],
  ['src/database/x.ts', `export { a } from '../domain/site/site.ts'`],
  ['src/domain/probes/checks/x.ts', `import { a } from '../verdicts/verdict.ts'`],
  ['src/domain/probes/verdicts/x.ts', `import type { A } from '../engine/engine.ts'`],
  ['src/elsewhere/x.ts', ''],
])('in %s this is refused: %s', (path, text) => {
  expect(climbs(new Map([[path, text]]))).toHaveLength(1)
})

test.each([
  [
    'src/domain/incidents/x.ts',
    `import { a } from '../../lib/ids.ts'\nimport { sql } from 'kysely'\nimport { join } from 'node:path'`,
  ],
  ['src/web/public/x.ts', `import type { Deps } from '../../deps.ts'\nimport type { A } from 'fastify'`],
  ['src/web/admin/x.ts', `import { kinds } from '../../outbound/probing/kinds/index.ts'`],
  ['src/web/shared/house.ts', `import cookie from '@fastify/cookie'`],
])('in %s this is in order: %s', (path, text) => {
  expect(climbs(new Map([[path, text]]))).toEqual([])
})

test('a ring of types is found', () => {
  const ring = new Map([
    ['src/lib/a.ts', `import { b } from './b.ts'`],
    ['src/lib/b.ts', `import type { C } from './c.ts'`],
    ['src/lib/c.ts', `import { a } from './a.ts'`],
  ])
  expect(circles(ring)).toEqual(['src/lib/a.ts → src/lib/b.ts → src/lib/c.ts → src/lib/a.ts'])
})

test('a long file is found', () => {
  expect(tooLong(new Map([['a.ts', '\n'.repeat(301)]]))).toHaveLength(1)
  expect(tooLong(new Map([['a.ts', '\n'.repeat(300)]]))).toEqual([])
})

test.each([
  'if (isPostgres) return',
  '// SQLite only',
  'new Date()',
  'Date.now()',
  'Math.random()',
  'randomUUID()',
  'reply: FastifyReply',
])('in domain/ this is refused: %s', (text) => {
  expect(strayWords(new Map([['src/domain/x.ts', text]]))).toHaveLength(1)
})

test('raw output of anything but templates and Markdown is found', () => {
  const page = `<%~ include('x', {}) %><%~ it.body %><%~ it.name %><%~ it.update.body %>`
  expect(rawOutput(new Map([['x.eta', page]]))).toHaveLength(2)
})

test('words in a public template are found, in text and in attributes', () => {
  const page = `<p class="quiet"><%= it.words.all %></p>\n<!-- a remark -->\n<a title="Subscribe" href="/x"><b>Get updates</b></a>&nbsp;·`
  expect(wordsForReaders(new Map([['x.eta', page]]))).toHaveLength(2)
})
