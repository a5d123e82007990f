import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type IncidentEvidence, evidenceOn } from '../../../domain/regulators/evidence.ts'
import { offsetTime } from '../../../lib/local-times.ts'
import { NotFound } from '../../../lib/errors.ts'
import { markdown } from '../../../lib/markdown.ts'
import { operators } from '../../shared/access.ts'
import { actorInWords, eventInWords } from '../audit/words.ts'
import { entryWords } from '../clock-words.ts'
import { type Desk, signedIn } from '../desk.ts'
import { measuredThen } from '../probes/measured-evidence.ts'
import type { CorrectedField, EvidencePage } from '../models.ts'

/** An incident's whole timeline, for whoever has to prove it: one page to print, one document to keep. */
export function incidentEvidenceRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/incidents/:id/evidence', { config: { access: operators('see') } }, async (request, reply) => {
    const evidence = await evidenceFor(desk, request)
    return desk.show(request, reply, 'admin/evidence', {
      title: `Evidence on “${evidence.incident.name}”`,
      model: {
        evidence,
        measured: await measuredThen(desk.db, evidence.incident.id),
        facts: factsOf(evidence),
        updates: evidence.updates.map((update) => ({ ...update, html: markdown(update.body) })),
        events: evidence.events.map((event) => ({
          seq: event.seq,
          at: event.at,
          who: actorInWords(event.actor),
          what: eventInWords(event),
        })),
        revisions: evidence.revisions.map((revision) => ({ ...revision, changes: changesOf(revision) })),
        madeBy: signedIn(request).account.name,
        kinds: entryWords,
        at: (instant) => (instant === null ? '–' : offsetTime(instant, evidence.site.zone)),
      },
    })
  })

  face.get('/incidents/:id/evidence.json', { config: { access: operators('see') } }, async (request, reply) => {
    const evidence = await evidenceFor(desk, request)
    const url = `${desk.config.url}/incidents/${evidence.incident.id}`
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="evidence-${evidence.incident.id}.json"`)
      .send(JSON.stringify({ ...evidence, url, madeBy: signedIn(request).account.name }, null, 2))
  })
}

async function evidenceFor({ db, clock }: Desk, request: FastifyRequest): Promise<IncidentEvidence> {
  const evidence = await evidenceOn(db, (request.params as { id: string }).id, clock.now())
  if (!evidence) throw new NotFound('There is no such incident.')
  return evidence
}

/** In the order in which they come about. */
function factsOf({ incident }: IncidentEvidence): EvidencePage['facts'] {
  return [
    { what: 'Began', at: incident.beganAt },
    { what: 'Noticed', at: incident.noticedAt },
    { what: 'First public word', at: incident.toldAt },
    { what: 'Mitigated', at: incident.mitigatedAt },
    { what: 'Over', at: incident.overAt },
    { what: 'Said to be over', at: incident.toldOverAt },
    { what: 'Review due', at: incident.reviewDueAt },
    { what: 'Reviewed', at: incident.reviewedAt },
  ]
}

function changesOf({ before, after }: IncidentEvidence['revisions'][number]): CorrectedField[] {
  const [was, is] = [leaves(before), leaves(after)]
  return [...new Set([...was.keys(), ...is.keys()])].map((field) => ({
    field,
    before: was.get(field) ?? '–',
    after: is.get(field) ?? '–',
  }))
}

/** `texts.en` and its text. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (value === null || value === undefined) return new Map()
  if (typeof value !== 'object') return new Map([[path, typeof value === 'string' ? value : JSON.stringify(value)]])
  return new Map(
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) => [
      ...leaves(inner, path ? `${path}.${key}` : key),
    ]),
  )
}
