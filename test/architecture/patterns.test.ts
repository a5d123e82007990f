import { globSync, readFileSync } from 'node:fs'
import { parseSync, Visitor } from 'oxc-parser'
// The build in plain JavaScript: the other one starts a program.
import { checkSync } from 'recheck/lib/browser.js'
import { expect, test } from 'vitest'

const isFull = process.env['TEST_SIZE'] === 'full'
/** For one pattern, in milliseconds. What takes longer to judge is judged at full size: `TEST_SIZE=full`. */
const patience = isFull ? 20_000 : 60

/** Patterns that take the square of what they read, and why that is never much. */
const bounded: Readonly<Record<string, string>> = {
  'src/config.ts /(:\\/\\/[^:@/\\s]*:).*@/': 'A setting.',
  'src/web/embed/routes.ts /^\\s*(?:\\/\\/.*|\\/\\*\\*.*\\*\\/)?\\n/gm': 'A file of ours.',
  'src/web/shared/joined-script.ts /^(?:import .*| *\\/\\/.*|)\\n|^export |^ +/gm': 'A file of ours.',
  'src/lib/difference.ts /(?:\\p{N}+[:.,٫٬/])+$/u': 'At most a hundred characters.',
  'src/domain/probes/kinds/pem.ts /-----BEGIN ([A-Z0-9 ]{1,40})-----[\\s\\S]*?-----END \\1-----/g':
    'At most 40 000 characters, of an operator.',
}

interface Pattern {
  readonly source: string
  readonly flags: string
}

function isSlow({ source, flags }: Pattern, timeout = patience): boolean {
  // What sets of sets and places of matches are, it does not know; neither makes a pattern slower.
  const { status } = checkSync(source, flags.replaceAll(/[dv]/g, ''), { timeout })
  return status === 'vulnerable'
}

/** Whether anything in it may come as often as it likes. */
function isOpen({ source }: Pattern): boolean {
  return /[*+]|\{\d+,\}/.test(source)
}

function patternsIn(path: string): Pattern[] {
  const found: Pattern[] = []
  const { program } = parseSync(path, readFileSync(path, 'utf8'))
  new Visitor({
    Literal: (node) => {
      if ('regex' in node && node.regex) found.push({ source: node.regex.pattern, flags: node.regex.flags })
    },
  }).visit(program)
  return found
}

test('who judges them sees a pattern that takes for ever, and one that takes the square', () => {
  expect(
    ['^(a+)+$', String.raw`\/*$`, String.raw`(\w+\s?)*x`].map((source) => isSlow({ source, flags: '' }, 10_000)),
  ).toEqual([true, true, true])
  expect(isSlow({ source: '^[a-z]+$', flags: '' }, 10_000)).toBe(false)
})

test(
  'no pattern of ours takes more time than what it reads is long',
  () => {
    const patterns = globSync('src/**/*.ts').flatMap((path) => patternsIn(path).map((it) => ({ ...it, path })))
    expect(patterns.length).toBeGreaterThan(300)
    const named = patterns.filter(isOpen).map((it) => ({ ...it, name: `${it.path} /${it.source}/${it.flags}` }))
    const slow = named.filter(({ name }) => !(name in bounded)).filter(isSlow)
    expect(slow.map(({ name }) => name)).toEqual([])
    expect(Object.keys(bounded).filter((name) => !named.some((it) => it.name === name))).toEqual([])
  },
  isFull ? 1_800_000 : 120_000,
)
