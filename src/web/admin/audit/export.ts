import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { may } from '../../../domain/accounts/account.ts'
import { type AuditedEvent, addressesOf } from '../../../domain/changes/log.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { type Cell, csvLine } from '../../../lib/csv.ts'
import { dayOf } from '../../../lib/days.ts'
import { millisecondsBy, rateLimit } from '../../../lib/rate-limit.ts'
import { operators } from '../../shared/access.ts'
import { holdTo } from '../../shared/rate-limit-headers.ts'
import { actorIdOf, everyEvent } from './find.ts'
import { meansInWords } from './nouns.ts'
import { soughtIn } from './sought.ts'
import { actorInWords, eventInWords } from './words.ts'
import { type Desk, signedIn } from '../desk.ts'

/** One event as it is taken away; the address only for those who may know it. */
interface Line {
  readonly event: AuditedEvent
  readonly address: string | null
}

const columns = ['seq', 'at', 'means', 'actor_id', 'actor', 'type', 'subject', 'what', 'changes', 'address'] as const

const forms = {
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: csvLine(columns),
    line: (line: Line) => csvLine(cellsOf(line)),
  },
  jsonl: {
    contentType: 'application/jsonl; charset=utf-8',
    head: '',
    line: ({ event, address }: Line) => `${JSON.stringify({ ...event, what: eventInWords(event), address })}\n`,
  },
} as const

/** The log to take away: what the page shows and sifts, all of it, sent while it is read. */
export function auditExportRoutes(face: FastifyInstance, desk: Desk): void {
  // Each reads the whole log.
  const limit = rateLimit({ name: 'account', most: 10, seconds: 600 }, millisecondsBy(desk.clock))
  for (const form of ['csv', 'jsonl'] as const) {
    const options = { config: { access: operators('see', { fresh: true }) } }
    face.get(`/log.${form}`, options, async (request, reply) => {
      // It would read everything to say nothing.
      if (request.method === 'HEAD') return reply.callNotFound()
      holdTo(reply, limit.take(signedIn(request).account.id), 'You took the log away ten times within ten minutes.')
      const { zone } = await readSite(desk.db)
      const { head, line, contentType } = forms[form]
      const name = `candor-log-${dayOf(desk.clock.now(), zone)}.${form}`
      return reply
        .type(contentType)
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(Readable.from(written(desk, request, { head, line, zone })))
    })
  }
}

async function* written(
  desk: Desk,
  request: FastifyRequest,
  { head, line, zone }: { readonly head: string; readonly zone: string; line(one: Line): string },
): AsyncGenerator<string> {
  const { account } = signedIn(request)
  if (head !== '') yield head
  for await (const events of everyEvent(desk.db, soughtIn(request, account.role), zone)) {
    const addresses = may(account.role, 'manage-people')
      ? await addressesOf(
          desk.db,
          events.map(({ seq }) => seq),
        )
      : new Map<number, string>()
    yield events.map((event) => line({ event, address: addresses.get(event.seq) ?? null })).join('')
  }
}

function cellsOf({ event, address }: Line): Cell[] {
  const changes = event.changes.map(({ field, before, after }) => `${field}: ${before ?? '–'} → ${after ?? '–'}`)
  return [
    event.seq,
    event.at,
    meansInWords[event.actor.kind],
    actorIdOf(event),
    actorInWords(event.actor),
    event.type,
    event.subject,
    eventInWords(event),
    changes.join('\n'),
    address,
  ]
}
