import type { FastifyInstance } from 'fastify'
import { may } from '../../../domain/accounts/account.ts'
import { accounts } from '../../../domain/accounts/queries.ts'
import { tokens } from '../../../domain/accounts/tokens.ts'
import { type AuditedEvent, addressesOf } from '../../../domain/changes/log.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { operators } from '../../shared/access.ts'
import { auditExportRoutes } from './export.ts'
import { fieldInWords } from './field-words.ts'
import { actorIdOf, findEvents } from './find.ts'
import type { LogEntry } from './models.ts'
import { meansInWords, nounsInWords } from './nouns.ts'
import { type Sought, asked, queryOf, soughtIn } from './sought.ts'
import { actorInWords, eventInWords } from './words.ts'
import type { Choice } from '../choices.ts'
import { type Desk, signedIn } from '../desk.ts'

const aPage = 50

/** Everything that happened, newest first: the same table that everything else follows. */
export function auditLogRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/log', { config: { access: operators('see') } }, async (request, reply) => {
    const { role } = signedIn(request).account
    const sought = soughtIn(request, role)
    const before = asked(request, 'before')
    const { zone } = await readSite(desk.db)
    const found = await findEvents(desk.db, sought, {
      before: /^\d{1,15}$/.test(before) ? Number(before) : Number.MAX_SAFE_INTEGER,
      limit: aPage,
      zone,
    })
    const seqs = found.events.map(({ seq }) => seq)
    const addresses = may(role, 'manage-people') ? await addressesOf(desk.db, seqs) : new Map<number, string>()
    return desk.show(request, reply, 'admin/log', {
      title: 'Log',
      model: {
        entries: found.events.map((event) => entryOf(event, addresses.get(event.seq) ?? null)),
        older: found.before,
        isCut: found.isCut,
        isFirst: before === '',
        sought,
        isSifted: queryOf(sought) !== '',
        query: queryOf(sought),
        actors: await actorsFor(desk, sought, found.events),
        nouns: Object.entries(nounsInWords).map(([value, label]) => ({ value, label })),
      },
    })
  })

  auditExportRoutes(face, desk)
}

function entryOf(event: AuditedEvent, address: string | null): LogEntry {
  return {
    seq: event.seq,
    at: event.at,
    actor: actorIdOf(event),
    who: actorInWords(event.actor),
    what: eventInWords(event),
    means: meansInWords[event.actor.kind],
    subject: event.subject,
    changes: event.changes.map((change) => ({ ...change, field: fieldInWords(change.field) })),
    address,
  }
}

/** Whom one can look for: the team, the tokens, what acts by itself; and whoever was looked for. */
async function actorsFor({ db, clock }: Desk, { actor }: Sought, events: readonly AuditedEvent[]): Promise<Choice[]> {
  const choices = [
    ...(await accounts(db)).map(({ id, name }) => ({ value: id, label: name })),
    ...(await tokens(db, clock.now())).map(({ id, name }) => ({ value: id, label: `The token “${name}”` })),
    { value: 'clock', label: 'The clock' },
    { value: 'command', label: 'The command line' },
    { value: 'setup', label: 'Somebody not signed in' },
  ]
  if (actor === '' || choices.some(({ value }) => value === actor)) return choices
  const known = events.find((event) => actorIdOf(event) === actor)
  return [...choices, { value: actor, label: known ? actorInWords(known.actor) : 'Somebody else' }]
}
