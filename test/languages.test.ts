import { execFile } from 'node:child_process'
import { cpSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { patterns } from '../src/lib/messages.ts'
import { type Tree, accented, mirrored, pseudoOf } from './pseudo-language.ts'
import { ownFolder } from './own-folder.ts'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)

/** What holds for every language. */
const tests = [
  'test/locales.test.ts',
  'test/web/public/views.test.ts',
  'test/web/public/every-page.test.ts',
  'test/outbound/notify/compose.test.ts',
]

test('a language is one file: with two more files there are two more languages, on every page', async () => {
  const copy = copyOfEverything()
  const english = JSON.parse(readFileSync(join(root, 'locales/en.json'), 'utf8')) as Parameters<typeof pseudoOf>[0]
  for (const pseudo of [accented, mirrored]) {
    const catalogue = `${JSON.stringify(pseudoOf(english, pseudo), null, 2)}\n`
    writeFileSync(join(copy, 'locales', `${pseudo.locale}.json`), catalogue)
  }
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { NODE_OPTIONS: _, VITEST: __, TEST_DATABASE_URL: ___, ...env } = process.env
  const written = join(copy, 'report.json')
  await run(
    process.execPath,
    [
      vitest,
      'run',
      '--root',
      copy,
      '--project',
      'unit',
      '--project',
      'app',
      '--reporter',
      'json',
      '--outputFile',
      written,
      // Its files are somewhere else each time, so nobody would ever read what was kept of them.
      '--fsModuleCache=false',
      // Each worker reads the whole product anew.
      '--maxWorkers=1',
      '-t',
      'en-X[AB]',
      ...tests,
    ],
    { env, maxBuffer: 64 * 1024 * 1024 },
    // Its failures are ours, and are told below.
  ).catch(() => undefined)
  const report = JSON.parse(readFileSync(written, 'utf8')) as Report
  const all = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const failures = all.filter(({ status }) => status === 'failed')
  expect(failures.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join('\n')}`)).toEqual([])
  const passed = all.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName)
  for (const { locale } of [accented, mirrored]) {
    expect(passed).toContain(`${locale}: every page is in the language, complete, and leads on in it`)
    expect(passed).toContain(`public/front renders in ${locale}`)
    expect(passed).toContain(`${locale}: every letter is complete and in the language`)
  }
}, 400_000)

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

function copyOfEverything(): string {
  const copy = ownFolder()
  for (const name of readdirSync(root)) {
    if (name === 'node_modules' || name.startsWith('.')) continue
    cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

test('the languages that nobody speaks are 40 % longer than English', () => {
  const [before, after] = [
    patterns('en'),
    flat(pseudoOf(JSON.parse(readFileSync(join(root, 'locales/en.json'), 'utf8')) as Tree, accented)),
  ]
  const letters = (texts: Iterable<string>): number => [...texts].join('').replaceAll(/\{[^}]*\}|\P{L}/gu, '').length
  expect(letters(after.values()) / letters(before.values())).toBeGreaterThan(1.35)
})

function flat(tree: object): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string'
        ? [[name, value]]
        : [...flat(value as object)].map(([rest, text]) => [`${name}.${rest}`, text]),
    ),
  )
}
