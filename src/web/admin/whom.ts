import type { FastifyInstance } from 'fastify'
import type { Intended } from '../../domain/deliveries/recipients.ts'
import type { Told, ToldSubject } from '../../domain/deliveries/told.ts'
import { intendedBy } from '../../domain/deliveries/recipients.ts'
import { messagesAbout } from '../../domain/deliveries/said.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import type { Notice } from '../../domain/notices/notice.ts'
import type { Review } from '../../domain/reviews/review.ts'
import { operators } from '../shared/access.ts'
import { formOf, texts } from '../shared/forms.ts'
import type { Desk } from './desk.ts'
import type { Telling } from './subscribers/subscriber-models.ts'
import { nobodyIsTold, whoWillBeTold } from './telling.ts'

type Place = Pick<Desk, 'db'>

/** Who would hear of what stands in the form of planned work: asked again by a script, and by hand without one. */
export function whomRoutes(face: FastifyInstance, desk: Desk): void {
  face.post('/maintenances/whom', { config: { access: operators('disclose') } }, async (request, reply) => {
    const components = texts(formOf(request.body), 'components')
    const model = { whom: await planWhom(desk, { isAnnounced: false, components }) }
    return desk.show(request, reply, 'admin/whom', { title: 'Who will hear of it', model })
  })
}

/** Of a plan that is announced, or changed with a word: then also to those who follow only what it was to affect. */
export async function planWhom(
  desk: Place,
  { isAnnounced, components }: { readonly isAnnounced: boolean; readonly components: readonly string[] },
): Promise<string> {
  const [moment, after] = isAnnounced ? (['goes on', 'you save it'] as const) : (['begins', 'you announce it'] as const)
  const words = await whoWillBeTold(desk, planned(moment, components), after)
  return isAnnounced && words !== nobodyIsTold ? `With a word on it: ${words} Without one, nobody is.` : words
}

/** Of the words on planned work: more people hear that it begins or ends than what is said between. */
export async function maintenanceWhom(desk: Place, { componentIds, beganAt }: Maintenance): Promise<string> {
  const between = await whoWillBeTold(desk, planned('goes on', componentIds), 'you say it')
  const turning = await whoWillBeTold(desk, planned('ends', componentIds), 'you say it')
  if (between === turning) return between
  return `Of an update: ${between} ${beganAt ? 'That it is completed or cancelled' : 'That it begins or is cancelled'}: ${turning}`
}

/** Of the end of a series: one word for all that were announced and are cancelled. */
export async function seriesWhom(desk: Place, announced: readonly Maintenance[]): Promise<string> {
  if (announced.length === 0) return 'Nothing of it is announced: nobody is written to.'
  const components = [...new Set(announced.flatMap(({ componentIds }) => componentIds))]
  const words = await whoWillBeTold(desk, planned('ends', components), 'you end it')
  return words === nobodyIsTold ? words : `If it is cancelled, once: ${words} If it takes place, nobody is written to.`
}

/** Of another plan for a series: one word for all of those that change, and none where only words do. */
export async function seriesChangeWhom(desk: Place, components: readonly string[]): Promise<string> {
  const words = await whoWillBeTold(desk, planned('goes on', components), 'you change them')
  return words === nobodyIsTold ? words : `If times or systems change, once: ${words} If only words do, nobody is.`
}

/** Of a false alarm: the whole of an incident is annulled with a word, a part of it with corrected facts alone. */
export async function annulmentWhom(desk: Place, incident: Incident): Promise<string> {
  const moment = incident.overAt === null ? 'ends' : 'goes on'
  const words = await whoWillBeTold(desk, { ...about(incident, moment), kind: 'incident' }, 'you annul it')
  return words === nobodyIsTold ? words : `Of the whole incident: ${words} Of a part of it, nobody is.`
}

function planned(moment: Told['moment'], components: readonly string[]): Intended {
  return { kind: 'maintenance', moment, severity: 'maintenance', incident: null, components }
}

/** Told once: when readers see it first. */
export async function noticeWhom(
  desk: Place & Pick<Desk, 'clock'>,
  notice: Notice | null,
  telling: Telling | null,
): Promise<string> {
  const isKnown = notice !== null && (notice.shownFrom <= desk.clock.now() || (telling?.messages.size ?? 0) > 0)
  if (isKnown) return 'Nobody is written to when a notice is changed.'
  const intended = { kind: 'notice', moment: 'begins', severity: 'none', incident: null, components: [] } as const
  return whoWillBeTold(desk, intended, 'readers see it')
}

export async function reviewWhom(desk: Place, incident: Incident, review: Review | null): Promise<string> {
  if (review?.finalAt) return 'Nobody is written to when a review is corrected.'
  // Whether it is preliminary or final: both are told to everybody who wants to hear of reviews.
  return whoWillBeTold(desk, { ...about(incident, 'ends'), kind: 'review' })
}

/** Of what a review promised: that it is done, or will not be. */
export async function actionWhom(desk: Place, incident: Incident): Promise<string> {
  return whoWillBeTold(desk, { ...about(incident, 'goes on'), kind: 'review' }, 'you say it')
}

function about({ id, severity, impacts }: Incident, moment: Told['moment']): Omit<Intended, 'kind'> {
  const said = impacts.filter(({ saidAt }) => saidAt !== null)
  const components = [...new Set(said.map(({ componentId }) => componentId))]
  return { moment, incident: id, severity, components }
}

/** Of a word that is corrected: whoever has read it sees it on the page, and a mail that nobody got yet says it right. */
export async function correctionWhom(
  desk: Place,
  subject: Pick<ToldSubject, 'noun' | 'id'>,
  update: string,
): Promise<string> {
  const about = (await messagesAbout(desk.db, subject)).filter(({ told }) => told.word?.id === update)
  const isHeld = about.some(({ handedOutAt, takenBackAt }) => handedOutAt === null && takenBackAt === null)
  if (isHeld) return 'The message about it has not gone out yet: it brings the words as you correct them.'
  return 'Nobody is written to of a correction: readers see it on the page.'
}

/** Of a word that is withdrawn: who was told of it, as they would be found now. */
export async function withdrawalWhom(
  desk: Place,
  subject: Pick<ToldSubject, 'noun' | 'id'>,
  update: string,
): Promise<string> {
  const about = (await messagesAbout(desk.db, subject)).filter(({ told }) => told.word?.id === update)
  const sent = about.findLast(({ handedOutAt, takenBackAt }) => handedOutAt !== null && takenBackAt === null)
  if (sent) return whoWillBeTold(desk, intendedBy(sent.told), 'you withdraw it')
  return 'Nobody has been written to of it, and nobody will be.'
}
