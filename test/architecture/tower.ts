import { dirname, join } from 'node:path'

/** Paths from the root of the repository, each with its text. */
export type Files = ReadonlyMap<string, string>

interface Floor {
  /** What belongs to it: a file, or a folder with a slash at its end. The first floor that fits is it. */
  readonly holds: readonly string[]
  /** What it may import of ours, itself included. */
  readonly ours: readonly string[]
  /** What of that it may not. */
  readonly never?: readonly string[]
  /** What it may import as a type only. */
  readonly types?: readonly string[]
  readonly packages: readonly string[]
}

const nouns = ['src/domain/', 'src/database/', 'src/lib/']
const face = (name: string, more: readonly string[] = []): Floor => ({
  holds: [`src/web/${name}/`],
  ours: [`src/web/${name}/`, 'src/web/shared/', 'src/domain/', 'src/lib/', ...more],
  types: ['src/deps.ts', 'src/config.ts', 'src/database/'],
  packages: ['fastify', 'kysely', 'temporal-polyfill', 'feedsmith', 'ical-generator'],
})

/** The tower: a file imports from its own floor and from those below. Nothing else is allowed. */
export const tower: readonly Floor[] = [
  { holds: ['src/run.ts'], ours: ['src/cli.ts'], packages: [] },
  {
    holds: ['src/cli.ts', 'src/cli/'],
    ours: [
      'src/cli/',
      'src/main.ts',
      'src/app.ts',
      'src/web/shared/access.ts',
      'src/config.ts',
      'src/config/',
      'src/deps.ts',
      'src/outbound/',
      ...nouns,
      'package.json',
    ],
    packages: [],
  },
  {
    holds: ['src/main.ts'],
    ours: [
      'src/product.ts',
      'src/deps.ts',
      'src/app.ts',
      'src/web/shared/later-house.ts',
      'src/web/starting.ts',
      'src/web/shared/listener.ts',
      'src/web/shared/kept.ts',
      'src/config.ts',
      'src/lib/',
    ],
    types: ['src/web/shared/'],
    packages: ['close-with-grace', 'pino'],
  },
  {
    holds: ['src/product.ts'],
    // prettier-ignore
    ours: [
      'src/app.ts', 'src/schedule.ts', 'src/followers.ts', 'src/web/shared/kept.ts', 'src/web/metrics/listener.ts',
      'src/outbound/', 'src/deps.ts', 'src/config.ts', ...nouns,
    ],
    types: ['src/web/starting.ts', 'src/web/shared/'],
    packages: ['pino'],
  },
  {
    holds: ['src/followers.ts', 'src/follower.ts'],
    ours: ['src/followers.ts', 'src/web/shared/front-door.ts', 'src/lib/'],
    types: ['src/web/shared/'],
    packages: ['pino'],
  },
  {
    holds: ['src/web/starting.ts'],
    ours: ['src/web/admin/unavailable.ts', 'src/web/shared/', 'src/lib/'],
    packages: [],
  },
  {
    holds: ['src/app.ts'],
    ours: ['src/web/', 'src/deps.ts', 'src/domain/', 'src/lib/'],
    types: ['src/outbound/'],
    packages: ['fastify'],
  },
  {
    holds: ['src/schedule.ts'],
    ours: ['src/outbound/', 'src/domain/', 'src/lib/'],
    types: ['src/deps.ts', 'src/web/shared/'],
    packages: [],
  },
  {
    // prettier-ignore
    ...face('admin', [
      'src/web/feeds/entries.ts', 'src/outbound/probing/kind.ts', 'src/outbound/probing/kinds/index.ts',
      // A preview is made by what sends.
      'src/outbound/notify/compose.ts', 'src/outbound/notify/mail-body.ts',
    ]),
    packages: ['fastify', 'uqr'],
  },
  // prettier-ignore
  face('places', [
    'src/outbound/probing/jobs.ts', 'src/outbound/probing/place-wire.ts', 'src/outbound/probing/take-results.ts',
  ]),
  {
    ...face('metrics', ['src/outbound/probing/histogram.ts', 'src/outbound/probing/prober.ts']),
    packages: ['fastify', 'pino'],
  },
  face('markdown', ['src/web/public/']),
  face('crawlers', ['src/web/public/addresses.ts']),
  // Its things are those of the API that is read, and more.
  face('api', ['src/web/compat/statuspage/documents.ts', 'src/web/compat/statuspage/things.ts']),
  face('developers', ['src/web/api/', 'src/web/public/']),
  face('embed', ['src/web/public/verdict.ts']),
  { ...face('pictures', ['src/web/public/verdict.ts']), packages: ['fastify', '@resvg/resvg-wasm'] },
  ...['public', 'feeds', 'ledger', 'badges', 'compat/statuspage', 'health', 'heartbeats', 'inbound', 'assets'].map(
    (name) => face(name),
  ),
  { holds: ['src/web/shared/templates.ts'], ours: [], packages: ['eta'] },
  {
    holds: ['src/web/shared/'],
    ours: ['src/web/shared/', 'src/domain/', 'src/lib/'],
    types: ['src/deps.ts', 'src/config.ts', 'src/database/'],
    packages: ['fastify', '@fastify/', 'lru-cache'],
  },
  {
    holds: ['src/outbound/'],
    ours: ['src/outbound/', 'src/config/', ...nouns, 'package.json'],
    types: ['src/deps.ts', 'src/config.ts'],
    packages: [
      'eta',
      'typebox',
      'pino',
      'lru-cache',
      '@aws-sdk/client-s3',
      'dns-packet',
      'pg',
      'ws',
      'playwright-core',
      'openid-client',
      'age-encryption',
      'http_ece',
      'jose',
      'nodemailer',
    ],
  },
  {
    holds: ['src/deps.ts'],
    ours: nouns,
    types: ['src/config.ts'],
    packages: ['pino'],
  },
  // Under all nouns.
  {
    holds: ['src/domain/changes/'],
    ours: ['src/domain/changes/', 'src/database/', 'src/lib/'],
    packages: ['kysely'],
  },
  // Three rooms of probes, each on the one before (096).
  {
    holds: ['src/domain/probes/checks/'],
    ours: nouns,
    never: ['src/domain/probes/verdicts/', 'src/domain/probes/engine/'],
    packages: ['kysely'],
  },
  { holds: ['src/domain/probes/verdicts/'], ours: nouns, never: ['src/domain/probes/engine/'], packages: ['kysely'] },
  { holds: ['src/domain/'], ours: nouns, packages: ['kysely', 'any-ascii', '@simplewebauthn/server', 'otpauth'] },
  {
    holds: ['src/database/'],
    ours: ['src/database/', 'src/lib/', 'migrations/'],
    packages: ['kysely', 'better-sqlite3', 'pg', 'lru-cache'],
  },
  { holds: ['migrations/'], ours: ['migrations/', 'src/database/'], packages: ['kysely'] },
  { holds: ['src/config.ts', 'src/config/'], ours: ['src/config/', 'src/lib/'], packages: [] },
  {
    holds: ['src/lib/'],
    ours: ['src/lib/', 'locales/'],
    // prettier-ignore
    packages: [
      '@node-rs/argon2', 'diff', 'htmlparser2', 'intl-messageformat', 'ipaddr.js', 'lru-cache', 'markdown-it', 'node-cron', 'pino',
      'postcss', 're2js', 'rrule-temporal', 'sanitize-html', 'temporal-polyfill',
    ],
  },
]

export interface Import {
  readonly from: string
  /** A path of ours, or what npm or Node call it. */
  readonly to: string
  readonly ours: boolean
  readonly kind: 'value' | 'type'
  /** Not with the file, but when it asks for it. */
  readonly later: boolean
}

const statement = /^(?:import|export)\s(type\s)?[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm

export function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(statement)].map(([, type, named, bare, dynamic]) => {
    const to = named ?? bare ?? dynamic ?? ''
    const ours = to.startsWith('.')
    const kind = type ? 'type' : 'value'
    return { from: path, to: ours ? join(dirname(path), to) : to, ours, kind, later: dynamic !== undefined }
  })
}

/** Imports that climb, or reach for a package that has no business on their floor. */
export function climbs(files: Files): string[] {
  return [...files].flatMap(([path, text]) => {
    const floor = tower.find(({ holds }) => holds.some((place) => within(place, path)))
    if (!floor) return [`${path} stands on no floor: give it one in test/architecture/tower.ts.`]
    const allowed = { value: floor.ours, type: [...floor.ours, ...(floor.types ?? [])] }
    return importsOf(path, text)
      .filter(({ to, ours, kind }) => {
        if (to.startsWith('node:')) return false
        return ours
          ? !allowed[kind].some((place) => within(place, to)) || floor.never?.some((place) => within(place, to))
          : !floor.packages.some((name) => to === name || to.startsWith(name.endsWith('/') ? name : `${name}/`))
      })
      .map(({ to, kind }) => `${path} may not import ${to}${kind === 'type' ? ' even as a type' : ''}.`)
  })
}

/** Files that import each other in a ring; types count, because who reads one has to read all. */
export function circles(files: Files): string[] {
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      return
    }
    state.set(path, 'open')
    const next = importsOf(path, files.get(path) ?? '').filter(({ to }) => files.has(to))
    for (const { to } of next) visit(to, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of files.keys()) visit(path, [])
  return found
}

/** What is loaded with a file, before anything of it runs. */
export function loadedWith(path: string, files: Files): Set<string> {
  const loaded = new Set([path])
  for (const file of loaded) {
    for (const { to, kind, later } of importsOf(file, files.get(file) ?? ''))
      if (kind === 'value' && !later) loaded.add(to)
  }
  return loaded
}

function within(place: string, path: string): boolean {
  return place.endsWith('/') ? path.startsWith(place) : path === place
}
