import type { Db } from '../../../database/database.ts'
import type { Told } from '../../../domain/deliveries/told.ts'
import { threadOf } from '../../../domain/deliveries/told.ts'
import { toldComponents } from '../../../domain/deliveries/telling/components.ts'
import { toldWord } from '../../../domain/deliveries/telling/spoken.ts'
import type { Site } from '../../../domain/site/site.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { Vault } from '../../../lib/vault.ts'
import { compose } from '../../../outbound/notify/compose.ts'
import { layoutOf } from '../../../outbound/notify/mail-body.ts'
import type { Supposed } from './supposed.ts'

export interface MailPlace {
  readonly site: Site
  readonly url: string
  readonly vault: Vault
  readonly now: Instant
}

/** What would be told if these words were said now. */
export async function toldSoFar(db: Db, { incident, affected }: Supposed): Promise<Told | null> {
  const [word, ...before] = incident.updates
  if (!word) return null
  const components = affected.map(({ status, ...one }) => ({ ...one, from: status, to: status }))
  const ids = components.map((one) => one.id)
  const { id, name, locale, translations, severity, stage, beganAt } = incident
  const isOver = word.stage === 'resolved'
  const overAt = isOver ? incident.overAt : null
  const goesOn = before.length > 0
  return {
    event: isOver ? 'incident.resolved' : goesOn ? 'incident.updated' : 'incident.opened',
    kind: 'incident',
    moment: isOver ? 'ends' : goesOn ? 'goes on' : 'begins',
    subject: { noun: 'incident', id, name, locale, translations, severity, stage, beganAt, overAt, planned: null },
    word: toldWord(word),
    wordBefore: null,
    components: await toldComponents(db, ids, components),
  }
}

/** As who follows everything reads it in the page's zone: by the functions that make the mail that is sent. */
export function mailOf(
  told: Told,
  locale: string,
  place: MailPlace,
): { readonly subject: string; readonly text: string } {
  const message = { number: 0, thread: threadOf(told.subject), at: place.now, payload: { kind: 'told', told } as const }
  const letter = compose(
    [message],
    {
      id: 'reader',
      links: 0,
      audience: 'subscriber',
      channel: 'email',
      target: {},
      locale,
      zone: place.site.zone,
      scope: { everything: 'yes', components: [], groups: [], incidents: [] },
      isFirst: true,
    },
    { ...place, leaveTo: null },
  )
  return { subject: letter.subject, text: layoutOf(letter).text }
}
