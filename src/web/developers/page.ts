import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Schema } from '../../lib/fields.ts'
import type { Call } from '../api/call.ts'
import { nameOf, refusals } from '../api/openapi.ts'
import { type Frame, frameOf } from '../public/frame.ts'
import type { Reader } from '../../domain/site/reader.ts'
import { kinds } from '../shared/problem.ts'
import { exampleOf } from './examples.ts'

interface Row {
  readonly name: string
  readonly where: 'query' | 'body'
  readonly isNeeded: boolean
  readonly words: readonly Piece[]
}

/** Of a text in which `so` stands what is typed. */
interface Piece {
  readonly text: string
  readonly isCode: boolean
}

interface CallModel {
  readonly anchor: string
  readonly methods: readonly string[]
  readonly path: string
  readonly summary: string
  readonly detail: readonly Piece[]
  readonly scopes: string
  readonly rows: readonly Row[]
  readonly curl: string
  readonly status: number
  readonly answer: string | null
}

/** The description of the API for people: made of the same declarations as the routes. */
export interface DevelopersModel {
  readonly frame: Frame
  /** The text of the API itself is in English, on a page in another language too. */
  readonly isForeign: boolean
  readonly address: string
  readonly description: string
  readonly page: string
  readonly token: string
  readonly open: readonly { readonly path: string; readonly words: string }[]
  readonly nouns: readonly { readonly name: string; readonly anchor: string; readonly calls: readonly CallModel[] }[]
  readonly statuses: readonly { readonly status: string; readonly words: readonly Piece[] }[]
  readonly problems: readonly { readonly anchor: string; readonly title: string; readonly statuses: string }[]
}

export function developersModel(
  calls: readonly Call[],
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): DevelopersModel {
  const { say } = reader
  const site = reader.name(snapshot.site, 'name').text
  const models = calls.map((call) => ({ noun: call.noun, model: callModel(call, snapshot.site.id, url) }))
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: '/api',
      title: say('incident.title', { name: say('developers.title'), site }),
      description: say('developers.intro'),
    }),
    isForeign: reader.locale !== 'en',
    address: `${url}/api/v1`,
    description: '/api/v1/openapi.json',
    page: snapshot.site.id,
    token: `curl -H 'Authorization: Bearer candor_…' ${url}/api/v1/pages`,
    open: open.map(({ path, words }) => ({ path: path === '/feed.json' ? reader.href(path) : path, words })),
    nouns: [...new Set(models.map(({ noun }) => noun))].map((name) => ({
      name,
      anchor: name.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
      calls: merged(models.filter(({ noun }) => noun === name).map(({ model }) => model)),
    })),
    statuses: Object.entries(refusals).map(([status, words]) => ({ status, words: piecesOf(words) })),
    problems: [...new Set(Object.values(kinds).map(([anchor]) => anchor))].map((anchor) => {
      const of = Object.entries(kinds).filter(([, [name]]) => name === anchor)
      return { anchor, title: of[0]?.[1][1] ?? '', statuses: of.map(([status]) => status).join(', ') }
    }),
  }
}

/** What everybody may read, without a token. */
const open = [
  {
    path: '/api/v2/summary.json',
    words: 'Everything at a glance, as Statuspage’s public API v2 has it; so are the next four.',
  },
  { path: '/api/v2/status.json', words: 'How things are, in one word.' },
  { path: '/api/v2/components.json', words: 'Every system and how it does.' },
  { path: '/api/v2/incidents.json', words: 'The last 50 incidents; /unresolved.json has those that are open.' },
  {
    path: '/api/v2/scheduled-maintenances.json',
    words: 'Maintenance; /upcoming.json and /active.json have parts of it.',
  },
  { path: '/summary.json', words: 'The same in our own words, with the time until when it is true.' },
  { path: '/record.json', words: 'What was kept and what was not, by month.' },
  {
    path: '/ledger.jsonl',
    words: 'All that was ever said, signed and linked, so that nothing can be unsaid in silence.',
  },
  { path: '/feed.json', words: 'A feed; /history.atom, /history.rss and /calendar.ics are others.' },
]

/** PUT beside PATCH does the same and is said once. */
function merged(models: readonly CallModel[]): CallModel[] {
  return models.flatMap((model, at) => {
    const isTwin = (other: CallModel): boolean => other.path === model.path && other.summary === model.summary
    if (models.findIndex(isTwin) !== at) return []
    return [{ ...model, methods: models.filter(isTwin).flatMap(({ methods }) => methods) }]
  })
}

function callModel(call: Call, page: string, url: string): CallModel {
  return {
    anchor: nameOf(call),
    methods: [call.method],
    path: call.path.replaceAll(/:(\w+)/g, '{$1}'),
    summary: call.summary,
    detail: piecesOf(call.detail ?? ''),
    scopes: call.scopes.join(', '),
    rows: [...rowsOf(call.query, 'query'), ...rowsOf(call.body, 'body')],
    curl: curlOf(call, page, url),
    status: call.status ?? 200,
    answer: call.answer ? JSON.stringify(exampleOf(call.answer, 'everything'), null, 2) : null,
  }
}

/** Fields within fields by their path, as a form writes them: `incident[name]`. */
function rowsOf(schema: Schema | undefined, where: Row['where'], inside = ''): Row[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([key, given]) => {
    const name = inside === '' ? key : `${inside}[${key}]`
    const one = given.anyOf?.[0] ?? given
    if (one.properties) return rowsOf(one, where, name)
    const described = [given.description ?? one.description, accepted(one)].filter((part) => part !== undefined)
    return [{ name, where, isNeeded: schema?.required?.includes(key) ?? false, words: piecesOf(described.join(' — ')) }]
  })
}

function piecesOf(text: string): Piece[] {
  const pieces = text.split('`').map((piece, at) => ({ text: piece, isCode: at % 2 === 1 }))
  return pieces.filter((piece) => piece.text !== '')
}

function accepted(one: Schema): string {
  if (one.either) return one.either.map(accepted).join(', or ')
  if (one.expected) return one.expected
  if (one.enum) return `one of: ${one.enum.join(', ')}`
  if (one.items)
    return `a list${one.maxItems === undefined ? '' : ` of at most ${one.maxItems}`}: ${accepted(one.items)}`
  if (one.values) return `by id: ${accepted(one.values)}`
  if (one.type === 'boolean') return 'true or false'
  if (one.type === 'integer') return `a whole number from ${one.minimum ?? 0} to ${one.maximum ?? 'any'}`
  if (one.type === 'number') return 'a number'
  return 'any value'
}

function curlOf(call: Call, page: string, url: string): string {
  const path = call.path.replace(':page', page).replaceAll(/:\w+/g, 'kctbh9vrtdwd')
  const parts = [
    `curl${call.method === 'GET' ? '' : ` -X ${call.method}`} ${url}/api/v1${path}`,
    `-H 'Authorization: Bearer candor_…'`,
  ]
  if (call.body) {
    const body = JSON.stringify(exampleOf(call.body, 'what is needed'))
    parts.push(`-H 'Content-Type: application/json'`, `-d '${body.replaceAll("'", String.raw`'\''`)}'`)
  }
  return parts.join(' \\\n  ')
}
