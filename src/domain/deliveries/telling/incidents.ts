import type { Tx } from '../../../database/database.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { Incident, Update } from '../../incidents/incident.ts'
import { readIncident } from '../../incidents/queries.ts'
import { settledActions, withReview } from '../../reviews/told.ts'
import type { Told } from '../told.ts'
import { toldComponents } from './components.ts'
import { toldWord } from './spoken.ts'

type Moment = Told['moment']

/** A word on an incident. One that is told only when it is over does not begin. */
export function incidentWord(moment: Moment) {
  return async (
    tx: Tx,
    { type, at, subject, data }: IncidentEvent & { readonly data: { readonly update: string } },
  ): Promise<Told | null> => {
    const incident = await readIncident(tx, subject)
    const word = incident?.updates.find(({ id }) => id === data.update)
    if (!incident || !word || word.delivered === 'no') return null
    return toldOfIncident(tx, incident, {
      event: type,
      kind: 'incident',
      moment: word.stage === 'resolved' ? 'ends' : moment,
      at,
      word,
    })
  }
}

/** What is known so far begins it, the last word ends it: both are told to who wants to hear only that. */
export async function publishedReview(
  tx: Tx,
  {
    type,
    at,
    subject,
    data,
  }: IncidentEvent & { readonly data: { readonly review: string; readonly as: 'preliminary' | 'final' } },
): Promise<Told | null> {
  const incident = await readIncident(tx, subject)
  const word = incident && withReview(incident).find(({ id }) => id === data.review)
  if (!incident || !word) return null
  const moment = data.as === 'final' ? 'ends' : 'begins'
  return toldOfIncident(tx, incident, { event: type, kind: 'review', moment, at, word })
}

/** What a review promised is done, or will not be: told to who wants to hear every word, the good and the bad alike. */
export async function settledAction(
  tx: Tx,
  { type, at, subject, data }: IncidentEvent & { readonly data: { readonly action: string } },
): Promise<Told | null> {
  const incident = await readIncident(tx, subject)
  const word = incident?.review && settledActions(incident.review).find(({ id }) => id === data.action)
  if (!incident || !word) return null
  return toldOfIncident(tx, incident, { event: type, kind: 'review', moment: 'goes on', at, word })
}

interface IncidentEvent {
  readonly type: Told['event']
  readonly at: Instant
  readonly subject: string
}

export async function toldOfIncident(
  tx: Tx,
  incident: Incident,
  {
    word,
    at,
    ...about
  }: Pick<Told, 'event' | 'kind' | 'moment'> & { readonly at: Instant; readonly word: Update | null },
): Promise<Told> {
  const isOver = incident.toldOverAt !== null && incident.toldOverAt <= at
  const ids = incident.impacts.filter(({ saidAt }) => saidAt !== null && saidAt <= at).map((one) => one.componentId)
  return {
    ...about,
    subject: {
      noun: 'incident',
      id: incident.id,
      name: incident.name,
      locale: incident.locale,
      translations: incident.translations,
      severity: incident.severity,
      stage: stageAt(incident, at),
      beganAt: incident.beganAt,
      overAt: isOver ? incident.overAt : null,
      planned: null,
    },
    word: word && toldWord(word),
    wordBefore: null,
    components: await toldComponents(tx, ids, word?.affected ?? null),
  }
}

/** Where it was, as far as it was said by then: what is told late tells nothing of what came after. */
function stageAt({ updates, stage }: Incident, at: Instant): string {
  const said = updates.find(
    (word) =>
      word.displayedAt !== null && word.displayedAt <= at && word.stage !== 'update' && word.stage !== 'postmortem',
  )
  return said?.stage ?? stage
}
