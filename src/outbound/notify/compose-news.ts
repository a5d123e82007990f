import type { Message } from '../../domain/deliveries/message.ts'
import type { Told, ToldWord } from '../../domain/deliveries/told.ts'
import { bareName, plain } from '../../domain/site/reader.ts'
import { inLocale } from '../../domain/site/site.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'
import { type Affected, affectedIn, toneOf } from './compose-affected.ts'
import { type Content, type Writing, linkTo, pageAt } from './compose-about.ts'
import { beside, clipped, glance, line } from './compose-line.ts'
import { markOf, sayingOf, stageWord } from './compose-sayings.ts'
import type { LetterWord } from './letter.ts'

/** One thing that happened, and when. */
interface News {
  readonly told: Told
  readonly at: Instant
}

/** What happened on the page, to a reader: several words of one conversation as one letter, the newest last. */
export function newsOf(messages: readonly Message[], writing: Writing): Content {
  const news = messages.flatMap(({ payload, at }): News[] =>
    payload.kind === 'told' ? [{ told: payload.told, at }] : [],
  )
  const newest = news.at(-1)
  if (!newest) throw new Error('There is nothing told in these messages.')
  const { told } = newest
  const { reader } = writing
  const { say } = reader
  const name = inLocale(told.subject, 'name', reader.locale, told.subject.locale)
  const stage = markOf(told, say) ?? stageWord(told, say)
  const affected = affectedIn(
    news.map((one) => one.told),
    writing,
  )
  const words = asTheyRead(news).map((one, _, all) => wordOf(one, { writing, above: told, isAlone: all.length === 1 }))
  const named = { site: writing.siteName, name: clipped(line(name.text), 160) }
  return {
    kind: 'told',
    // Mail programs keep a conversation together only while its subject stays: there the stage stands in the preheader.
    subject:
      writing.recipient.channel === 'email' || stage === ''
        ? say('mail.subject', named)
        : say('mail.subjectStage', { ...named, stage }),
    preheader: beside(stage, glance(words.at(-1)?.body ?? '')),
    heading: line(name.text),
    headingLang: name.locale === reader.locale ? null : name.locale,
    label: beside(kindWord(told, writing), stage),
    tone: toneOf(told, affected),
    urgency: urgencyOf(news),
    words,
    affected: affected.shown,
    affectedTitle: affected.title,
    promise: promiseOf(told, writing),
    facts: factsOf(newest, writing),
    button: {
      says: say(told.kind === 'review' ? 'mail.button.review' : 'mail.button.page'),
      url: addressOf(told, writing),
    },
    why: whyOf(told, affected, writing),
    links: [
      { says: say('mail.link.manage'), url: linkTo('manage', writing) },
      { says: say('mail.link.leave'), url: linkTo('leave', writing) },
    ],
  }
}

/** A word that was corrected before this reader got it: only as it reads now. */
function asTheyRead(news: readonly News[]): readonly News[] {
  const first = new Map<string, News>()
  const rest: News[] = []
  for (const one of news) {
    const { word, event } = one.told
    const known = word && first.get(word.id)
    if (known && event === 'update.corrected') {
      const corrected = { ...known, told: { ...known.told, word } }
      rest[rest.indexOf(known)] = corrected
      first.set(word.id, corrected)
      continue
    }
    if (word) first.set(word.id, one)
    rest.push(one)
  }
  return rest
}

interface Within {
  readonly writing: Writing
  /** What the facts above it are of. */
  readonly above: Told
  readonly isAlone: boolean
}

function wordOf({ told, at }: News, { writing, above, isAlone }: Within): LetterWord {
  const { reader } = writing
  const { body, lang } = sayingOf(told, writing)
  const said = told.word?.at ?? at
  const label = beside(markOf(told, reader.say) ?? '', stageWord(told, reader.say))
  return { label, at: said, when: whenOf(said, { writing, above, isAlone }), body, lang }
}

/** In a mail the facts stand above its words: a date that all of them share is not repeated, nor the minute of the beginning. */
function whenOf(said: Instant, { writing: { reader, recipient }, above: { subject }, isAlone }: Within): string {
  const { beganAt, overAt, planned, noun } = subject
  const when = reader.exact(said).text
  if (recipient.channel !== 'email' || noun !== 'incident' || planned !== null) return when
  const day = dayOf(beganAt, recipient.zone)
  if (dayOf(said, recipient.zone) !== day || dayOf(overAt ?? said, recipient.zone) !== day) return when
  return isAlone && overAt === null && when === reader.exact(beganAt).text ? '' : reader.dates.clock(said, day)
}

function kindWord({ kind, subject }: Told, { reader: { say } }: Writing): string {
  return kind === 'review' ? say('incident.kind') : say(`${subject.noun}.kind`)
}

/** Beginning, and again: what is critical may ring then. */
function urgencyOf(news: readonly News[]): Content['urgency'] {
  const newest = news.at(-1)?.told
  if (newest?.kind === 'review') return 'low'
  const rings = news.some(({ told }) => told.moment === 'begins' && told.subject.severity === 'critical')
  return rings && newest?.moment !== 'ends' ? 'critical' : 'normal'
}

/** The next promise, or why there is none; where it is over, there is nothing left to promise. */
function promiseOf({ word, moment, kind }: Told, { reader }: Writing): string | null {
  if (!word || moment === 'ends' || kind !== 'incident') return null
  return promiseIn(word, reader)
}

function promiseIn(word: ToldWord, reader: Writing['reader']): string | null {
  const { say, phrase, clock } = reader
  if (word.nextUpdateBy) return plain(phrase('promise.next', { when: [clock(word.nextUpdateBy)] }))
  if (word.noPromiseReason === null) return null
  const { text } = inLocale(word, 'noPromiseReason', reader.locale, word.locale)
  return `${say('promise.none')} ${say('promise.reason', { reason: line(text) })}`
}

function factsOf({ told: { subject, moment, kind }, at }: News, { reader }: Writing): string | null {
  const { say, dates, exact } = reader
  const { beganAt, overAt, planned, noun, stage } = subject
  if (noun === 'notice') return null
  if (planned && (stage === 'scheduled' || stage === 'cancelled' || overAt === null)) {
    return say('maintenance.window', { window: dates.window(planned.from, planned.until) })
  }
  if (overAt !== null && overAt >= beganAt) {
    const duration = dates.duration(secondsBetween(beganAt, overAt))
    return say('mail.facts.lasted', { duration, window: dates.window(beganAt, overAt) })
  }
  const when = exact(beganAt).text
  const seconds = secondsBetween(beganAt, at)
  if (moment === 'begins' || kind === 'review' || seconds < 60) return say('mail.facts.began', { when })
  return say('mail.facts.soFar', { when, duration: dates.duration(seconds) })
}

function addressOf({ subject: { noun, id }, kind }: Told, writing: Writing): string {
  return pageAt(`/${noun}s/${id}${kind === 'review' ? '#review' : ''}`, writing)
}

/** Why they get this, as exactly as it is known. */
function whyOf(
  { subject }: Told,
  affected: Affected,
  { recipient: { scope, audience }, reader, siteName }: Writing,
): string {
  const { say } = reader
  const site = siteName
  if (audience !== 'subscriber' || scope === null) return say('mail.why.team', { site })
  if (scope.everything === 'yes') return say('mail.why.everything', { site })
  const names = affected.names.map((name) => [bareName(name)])
  if (names.length > 0 && names.length <= 3) return say('mail.why.some', { names: plain(reader.list(names)), site })
  if (!scope.incidents.includes(subject.id)) return say('mail.why.chosen', { site })
  const isAll = scope.components.length + scope.groups.length + scope.incidents.length === 1
  return say(subject.overAt !== null && isAll ? 'mail.why.over' : 'mail.why.one', { site })
}
