import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('the linter finds nothing in the Dockerfile', () => {
  const [report] = (
    JSON.parse(
      execFileSync('node_modules/.bin/dockerfilelint', ['--output', 'json', 'Dockerfile'], { encoding: 'utf8' }),
    ) as {
      files: { issues: unknown[] }[]
    }
  ).files
  expect(report?.issues).toEqual([])
})

test('the image has the pinned major of Node, runs as nobody in particular, and has no tools', () => {
  const lines = readFileSync('Dockerfile', 'utf8')
  const pinned = (JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: Record<string, string> })
    .devDependencies['node']
  for (const [, major] of lines.matchAll(/^FROM node:(\d+)-/gm)) expect(pinned).toMatch(new RegExp(`^${major}\\.`))
  expect(lines).toMatch(/^USER node$/m)
  expect(lines).toContain('npm ci --omit=dev --ignore-scripts')
})

test('whatever the product needs to run is let into the image', () => {
  const ignored = readFileSync('.dockerignore', 'utf8')
  for (const folder of ['bin', 'locales', 'migrations', 'scripts', 'src', 'views'])
    expect(ignored).toContain(`\n!${folder}\n`)
})
