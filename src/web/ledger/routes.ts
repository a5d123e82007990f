import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../database/database.ts'
import { ledgerNouns } from '../../domain/ledger/entries.ts'
import { signedHead } from '../../domain/ledger/head.ts'
import type { LedgerKeys } from '../../domain/ledger/keys.ts'
import { currentKey, ledgerBytes, ledgerEnd, ledgerLines } from '../../domain/ledger/queries.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Clock } from '../../lib/clock.ts'
import { networkBlock } from '../../lib/network-block.ts'
import { millisecondsBy, rateLimit } from '../../lib/rate-limit.ts'
import { everyone } from '../shared/access.ts'
import { forAllOrigins } from '../shared/page-headers.ts'
import type { Publication, Read } from '../shared/publication.ts'
import { tellLimit } from '../shared/rate-limit-headers.ts'
import { type Range, rangeOf } from './range.ts'

export interface LedgerOptions {
  readonly publication: Publication
  readonly db: Db
  readonly clock: Clock
  readonly ledgerKeys: LedgerKeys
}

const plainText = 'text/plain; charset=utf-8'
const scripts = new URL('../../../views/ledger/', import.meta.url)

/** How many entries a file of the ledger has, for mirrors: the program that verifies knows it too. */
const partSize = 1000

/** Of the whole ledger, by one network: each of them reads it from the database. */
const readsPerMinute = 60

/** The ledger for programs: all of it, in parts, its signed head, and the program that verifies it. */
export const ledgerFace: FastifyPluginAsync<LedgerOptions> = async (face, { publication, db, clock, ledgerKeys }) => {
  const reads = rateLimit({ name: 'network', most: readsPerMinute, seconds: 60 }, millisecondsBy(clock))
  // First, because the one that Fastify would make of the other reads the whole ledger to its end.
  face.head('/ledger.jsonl', { config: { access: everyone } }, (request, reply) => answerWhole(db, request, reply))
  face.get('/ledger.jsonl', { config: { access: everyone } }, (request, reply) => {
    if (!tellLimit(reply, reads.take(networkBlock(request.ip))).isOver) return answerWhole(db, request, reply)
    void reply.code(429).header('cache-control', 'no-store').type(plainText)
    return reply.send(
      'The whole ledger was read very often from your network. Its parts are here: /ledger/entries/1.txt.\n',
    )
  })

  publication.serve(face, {
    url: '/ledger/head.json',
    async render({ minute }, _params, read) {
      const end = await read(ledgerNouns, ledgerEnd)
      const key = ledgerKeys.find((await read(ledgerNouns, currentKey)) ?? '')
      // Who does not hold the key cannot sign: `candor doctor` says so.
      if (!end || !key) return null
      const head = signedHead(end, end.at > minute ? end.at : minute, key)
      return { contentType: 'application/json; charset=utf-8', body: JSON.stringify(head), headers: forAllOrigins }
    },
    all: () => ['/ledger/head.json'],
  })
  publication.serve(face, {
    url: '/ledger/entries/:part',
    async render(_snapshot, { part = '' }, read) {
      const first = firstOf(part)
      if (first === null) return null
      // Asked for nowhere else: a walk shall not remember the whole ledger.
      const { text, last } = await read([], (it) => ledgerLines(it, first, partSize))
      // A full one never changes.
      if (last < first + partSize - 1) await read(ledgerNouns, async () => null)
      return last < first ? null : { contentType: 'text/plain; charset=utf-8', body: text, headers: forAllOrigins }
    },
    all: parts,
  })
  for (const name of ['verify.js', 'page.js']) {
    publication.serve(face, {
      url: `/ledger/${name}`,
      render: async () => ({
        contentType: 'text/javascript; charset=utf-8',
        body: await readFile(new URL(name, scripts)),
        headers: forAllOrigins,
      }),
      all: () => [`/ledger/${name}`],
    })
  }
}

async function* parts(_snapshot: Snapshot, read: Read): AsyncGenerator<string> {
  const end = await read(ledgerNouns, ledgerEnd)
  for (let first = 1; first <= (end?.seq ?? 0); first += partSize) yield `/ledger/entries/${first}.txt`
}

/** The number of the first entry of `1001.txt`; null for what is no part. */
function firstOf(part: string): number | null {
  const first = Number(/^(\d{1,9})\.txt$/.exec(part)?.[1] ?? Number.NaN)
  return (first - 1) % partSize === 0 && part === `${first}.txt` ? first : null
}

/**
 * The whole chain, read from the database while it is sent: it is too long to keep in memory, and it is asked for to be
 * checked, not to be looked at. It only grows, so a range that was fetched stays true.
 */
async function answerWhole(db: Db, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const end = await ledgerEnd(db)
  if (!end) {
    return reply.code(404).header('cache-control', 'no-store').send('There is no entry yet.\n')
  }
  const etag = `"${end.hash.slice(0, 22)}"`
  void reply.headers({
    ...forAllOrigins,
    'content-type': 'application/jsonl; charset=utf-8',
    'cache-control': 'public, max-age=5',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    etag,
  })
  const { range, 'if-range': ifRange, 'if-none-match': ifNoneMatch = '' } = request.headers
  if (ifNoneMatch.trim() === '*' || ifNoneMatch.includes(etag)) return reply.code(304).send()
  const wanted = ifRange === undefined || ifRange === etag ? rangeOf(range, end.ends) : 'all'
  if (wanted === 'none') {
    void reply.code(416).header('content-range', `bytes */${end.ends}`).type(plainText)
    return reply.send(`The ledger has ${end.ends} bytes, and none of these.\n`)
  }
  const { from, until }: Range = wanted === 'all' ? { from: 0, until: end.ends } : wanted
  if (wanted !== 'all') void reply.code(206).header('content-range', `bytes ${from}-${until - 1}/${end.ends}`)
  void reply.header('content-length', until - from)
  return reply.send(request.method === 'HEAD' ? undefined : Readable.from(ledgerBytes(db, from, until)))
}
