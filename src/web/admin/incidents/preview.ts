import type { FastifyInstance, FastifyRequest } from 'fastify'
import { intendedBy } from '../../../domain/deliveries/recipients.ts'
import type { Told } from '../../../domain/deliveries/told.ts'
import { readIncidentOrDraft } from '../../../domain/incidents/queries.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { type Update } from '../../../domain/incidents/incident.ts'
import { inLocale } from '../../../domain/site/site.ts'
import type { Instant } from '../../../lib/clock.ts'
import { dayOf } from '../../../lib/days.ts'
import { Invalid } from '../../../lib/errors.ts'
import { markdownIn } from '../../../lib/markdown.ts'
import { millisecondsBy, rateLimit } from '../../../lib/rate-limit.ts'
import { incidentInFeed } from '../../feeds/entries.ts'
import { operators } from '../../shared/access.ts'
import { type Form, formOf, text } from '../../shared/forms.ts'
import { holdTo } from '../../shared/rate-limit-headers.ts'
import { type Reader, type Words, directionOf, nameOf, readerOf } from '../../../domain/site/reader.ts'
import { coachedTexts } from './coached.ts'
import { type Composed, readComposer, worstOf } from '../composer.ts'
import { type Desk, signedIn } from '../desk.ts'
import { type Context, filledSoFar } from '../filling.ts'
import type { Seen } from '../models.ts'
import { sayingAt, whenOf } from './later.ts'
import { type MailPlace, mailOf, toldSoFar } from './mail-so-far.ts'
import { type Supposed, languagesFrom, suppose } from './supposed.ts'
import { whoWillBeTold } from '../telling.ts'

/**
 * What readers will see, in their languages and by the words that they are told it with. A page of its own for a browser
 * without script; with one, its middle stands beside the composer and follows the typing. Writes nothing.
 */
export function previewRoutes(face: FastifyInstance, desk: Desk): void {
  // A script asks for one whenever somebody pauses: no person comes near it.
  const limit = rateLimit({ name: 'account', most: 240, seconds: 60 }, millisecondsBy(desk.clock))
  face.post('/preview', { config: { access: operators('draft') } }, async (request, reply) => {
    const standing = limit.take(signedIn(request).account.id)
    holdTo(reply, standing, 'This was looked at very often within a minute. What you wrote is not lost: go back to it.')
    const { site, now, composed, supposed } = await supposedBy(desk, request, formOf(request.body))
    const told = await toldSoFar(desk.db, supposed)
    return desk.show(request, reply, 'admin/incidents/preview', {
      title: 'What they will see',
      model: {
        seen: seenOf(supposed, told, { site, now, url: desk.config.url, vault: desk.vault }),
        whom: await whomOf(desk, supposed, told),
        coached: await coachedTexts(desk.db, composed, supposed.incident.locale),
      },
    })
  })
}

/** Who would hear of what stands in a form; null: nothing can be said of it yet. */
export async function whomToTell(desk: Desk, request: FastifyRequest, form: Form): Promise<string | null> {
  try {
    const { supposed } = await supposedBy(desk, request, form)
    return await whomOf(desk, supposed, await toldSoFar(desk.db, supposed))
  } catch (error) {
    // The form itself says what is wrong with it.
    if (error instanceof Invalid) return null
    throw error
  }
}

async function whomOf(desk: Desk, { incident }: Supposed, told: Told | null): Promise<string | null> {
  if (!told) return null
  const intended = intendedBy(told)
  return whoWillBeTold(desk, incident.number === 0 ? { ...intended, incident: null } : intended)
}

async function supposedBy(desk: Desk, request: FastifyRequest, form: Form) {
  const site = await readSite(desk.db)
  const now = desk.clock.now()
  const written = composedSoFar(form, { now, zone: site.zone })
  const incidentId = text(form, 'incident')
  const incident = /^[\w-]{1,64}$/.test(incidentId) ? await readIncidentOrDraft(desk.db, incidentId) : null
  const composed = await soFar(desk, written, { form, context: { site, now, incident } })
  const author = signedIn(request).account.name
  const supposed = await suppose(desk.db, { composed, known: incident, author, now, site })
  return { site, now, composed, supposed }
}

/** A form that is not finished is looked at all the same: what is missing in its promise or its time is not there yet. */
function composedSoFar(form: Form, { now, zone }: { now: Instant; zone: string }): Composed {
  try {
    return readComposer(form, { now: sayingAt(whenOf(form, zone), now), zone })
  } catch (error) {
    if (!(error instanceof Invalid) || error.field === null) throw error
    const without = ['promise', 'promiseAt', 'noPromiseReason', 'beganAt', 'overAt', 'publishesAt', 'intent']
    const rest = Object.fromEntries(Object.entries(form).filter(([name]) => !without.includes(name)))
    return readComposer(rest, { now, zone })
  }
}

/** A place that holds what does not fit is looked at as it stands: the form says what is wrong when it is sent. */
async function soFar({ db }: Desk, written: Composed, given: { form: Form; context: Context }): Promise<Composed> {
  try {
    return await filledSoFar(db, written, given)
  } catch (error) {
    if (error instanceof Invalid) return written
    throw error
  }
}

function seenOf(supposed: Supposed, told: Told | null, place: MailPlace): Seen[] {
  const { incident } = supposed
  return languagesFrom(incident.locale).map((locale): Seen => {
    const reader = readerOf({ site: place.site, today: dayOf(place.now, place.site.zone) }, locale)
    const [word] = incident.updates
    const isWritten = Boolean(word?.translations[locale]?.body)
    return {
      locale,
      dir: reader.dir,
      language: reader.say('language.name'),
      is: locale === incident.locale ? 'original' : isWritten ? 'written' : 'missing',
      page: onPage(supposed, reader),
      feed: incidentInFeed(incident, place.site, locale),
      mail: told && mailOf(told, locale, place),
    }
  })
}

function onPage({ incident, affected }: Supposed, reader: Reader): Seen['page'] {
  const [word] = incident.updates
  const name = inLocale(incident, 'name', reader.locale, incident.locale)
  const body = word ? inLocale(word, 'body', reader.locale, word.locale) : { text: '', locale: incident.locale }
  const dir = directionOf(body.locale)
  return {
    name: { text: name.text, lang: name.locale, dir: directionOf(name.locale) },
    stage: reader.say(`stage.${word?.stage ?? 'update'}` as 'stage.update'),
    began: reader.phrase('fact.began', { when: [reader.time(incident.beganAt)] }),
    said: { html: markdownIn(body.text, dir), lang: body.locale, dir },
    promise: word ? promiseOf(word, reader) : null,
    systems: affected.map((one) => ({ ...one, word: reader.say(`status.${one.status}`) })),
    worst: worstOf(affected),
  }
}

function promiseOf(word: Update, reader: Reader): Words | null {
  if (word.nextUpdateBy) return reader.phrase('promise.next', { when: [reader.clock(word.nextUpdateBy)] })
  if (word.noPromiseReason === null) return null
  const reason = [nameOf(inLocale(word, 'noPromiseReason', reader.locale, word.locale), reader.locale)]
  return [reader.say('promise.none'), ' ', ...reader.phrase('promise.reason', { reason })]
}
