import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const records = new Map(
  globSync('docs/decisions/[0-9]*.md').map((path) => [basename(path), readFileSync(path, 'utf8')] as const),
)
const numberOf = (file: string): string => file.slice(0, 3)

test('each record begins with its number and what was decided, and the index leads to it by these words', () => {
  const index = readFileSync('docs/decisions/README.md', 'utf8')
  const listed = [...index.matchAll(/^- \[(.+)\]\((.+)\)$/gm)].map(([, title, file]) => `${file}: # ${title}`)
  const written = [...records].map(([file, text]) => `${file}: ${text.split('\n', 1)[0]}`)
  expect(listed.toSorted()).toEqual(written.toSorted())
  for (const [file, text] of records) expect(text).toMatch(new RegExp(`^# ${numberOf(file)} \\p{L}`, 'u'))
  expect(new Set([...records.keys()].map(numberOf)).size).toBe(records.size)
})

test('where a record adds to another or changes it, both say so', () => {
  const related = (lead: RegExp) =>
    [...records].flatMap(([file, text]) =>
      [...text.matchAll(lead)].flatMap(([, rest = '']) =>
        [...rest.matchAll(/\[(\d{3})\]/g)].map(([, other = '']) => [numberOf(file), other] as const),
      ),
    )
  const later = related(/^(?:.*\. )?(?:Adds to|Changes) (\[[^.]*(?:\.md[^.]*)+)\./gm)
  const earlier = related(/(?:Added to by|Changed in part by) (\[[^.:]*(?:\.md[^.:]*)+)[.:]/g)
  expect(later.length).toBeGreaterThan(10)
  expect(later.map(([from, to]) => `${to} by ${from}`).toSorted()).toEqual(
    earlier.map(([from, to]) => `${from} by ${to}`).toSorted(),
  )
})

test('links of documents lead to what is there', () => {
  const dead = globSync(['*.md', 'docs/**/*.md', 'src/**/*.md']).flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\]\((?!https?:|mailto:)([^)#\s]+)/g)]
      .filter(([, to = '']) => !existsSync(join(dirname(path), to)))
      .map(([, to]) => `${path}: ${to}`),
  )
  expect(dead).toEqual([])
})

test('what CONTRIBUTING names is there', () => {
  const there = globSync('{bench,docs,examples,locales,migrations,src,test,views}/**').map((path) => `/${path}`)
  const code = [...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/`([^`\s]+)`/g)].map(([, text = '']) => text)
  const paths = code.filter((text) => /^[a-z][\w./<>{},*-]*(?:\.(?:ts|js|css|eta|md|json|txt)|\/)$/.test(text))
  expect(paths.length).toBeGreaterThan(150)
  const missing = paths.flatMap(oneByBraces).filter((path) => {
    const pattern = RegExp.escape(path.replace(/\/$/, '').replaceAll(/<\w+>/g, '*')).replaceAll('\\*', '[^/]+')
    return !there.some((one) => new RegExp(`/${pattern}$`).test(one))
  })
  expect(missing).toEqual([])
})

/** `a/{b,c}.ts` as `a/b.ts` and `a/c.ts`. */
function oneByBraces(path: string): readonly string[] {
  const [, before = '', among = '', after = ''] = /^([^{]*)\{([^{}]*)\}(.*)$/.exec(path) ?? []
  return among === '' ? [path] : among.split(',').flatMap((each) => oneByBraces(before + each + after))
}
