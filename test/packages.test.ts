import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  readonly version?: string
  readonly dev?: true
  readonly devOptional?: true
  readonly optional?: true
  readonly resolved?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const lockfile = readFileSync('package-lock.json', 'utf8')
const { packages } = JSON.parse(lockfile) as { packages: Readonly<Record<string, Locked>> }

test('the lockfile knows the packages for other machines, without which npm ci refuses it', () => {
  const missing = Object.values(packages)
    .flatMap((it) => Object.keys(it.optionalDependencies ?? {}))
    .filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)))
  expect(missing, 'run: node scripts/complete-lockfile.js').toEqual([])
})

test('the lockfile names no registry', () => {
  expect(Object.values(packages).filter((it) => it.resolved !== undefined)).toEqual([])
})

test('at most 160 packages run in production', () => {
  const production = Object.entries(packages).filter(
    ([path, it]) => path !== '' && !it.dev && !it.devOptional && !it.optional,
  )
  expect(production.length).toBeLessThanOrEqual(160)
})

test('versions are exact', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>
  for (const list of ['dependencies', 'devDependencies']) {
    for (const [name, version] of Object.entries(manifest[list] ?? {})) expect(version, name).toMatch(/^\d/)
  }
})
