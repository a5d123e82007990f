import type { Told, ToldWord } from '../../domain/deliveries/told.ts'
import { type Locale, inLocale } from '../../domain/site/site.ts'
import { type MessageKey, type Say, patterns } from '../../lib/messages.ts'
import type { Writing } from './compose-about.ts'
import { line, quoted } from './compose-line.ts'

/** What is said of something: Markdown, and its language where it is not the reader's. */
interface Saying {
  readonly body: string
  readonly lang: Locale | null
}

/** What happened to words or plans, where the stage does not say it. Null: the stage does. */
export function markOf({ event, subject }: Told, say: Say): string | null {
  const key = marks[event]
  if (key === undefined || (event === 'notice.ended' && subject.noun !== 'notice')) return null
  return say(key)
}

const marks: Partial<Record<Told['event'], MessageKey>> = {
  'update.corrected': 'mail.mark.corrected',
  'update.withdrawn': 'mail.mark.withdrawn',
  'incident.changed': 'mail.mark.corrected',
  'incident.annulled': 'mail.mark.annulled',
  'incident.reopened': 'mail.mark.reopened',
  'impact.corrected': 'mail.mark.corrected',
  'review.corrected': 'mail.mark.corrected',
  'maintenance.changed': 'mail.mark.moved',
  'maintenance.extended': 'mail.mark.extended',
  'maintenance.reminded': 'mail.mark.reminder',
  'notice.changed': 'mail.mark.moved',
  'notice.ended': 'mail.mark.ended',
}

/** Imported records may carry a stage that no catalogue knows: it is said as it came. A notice has none. */
export function stageWord({ kind, word, subject }: Told, say: Say): string {
  if (kind === 'review') return say('stage.postmortem')
  if (subject.noun === 'notice') return ''
  const stage = word?.stage ?? subject.stage
  const key = `stage.${stage}`
  return patterns('en').has(key) ? say(key as 'stage.update') : line(stage)
}

/** The word itself; where only facts changed, what that means in a sentence of ours. */
export function sayingOf(told: Told, writing: Writing): Saying {
  const { say } = writing.reader
  const { word, wordBefore, event } = told
  const sentence = sentenceOf(told, writing)
  if (event === 'update.withdrawn') {
    if (!wordBefore) return { body: say('mail.said.withdrawnBare'), lang: null }
    return { body: `${say('mail.said.withdrawn')}\n\n${quoted(textOf(wordBefore, writing).body)}`, lang: null }
  }
  if (!word) return { body: sentence ?? say(stageSentence(told)), lang: null }
  const said = textOf(word, writing)
  if (wordBefore) {
    const before = textOf(wordBefore, writing).body
    return { ...said, body: `${said.body}\n\n${say('mail.said.before')}\n\n${quoted(before)}` }
  }
  return said.body === '' ? { body: sentence ?? say(stageSentence(told)), lang: null } : said
}

function textOf(word: ToldWord, { reader: { locale } }: Writing): Saying {
  const { text, locale: lang } = inLocale(word, 'body', locale, word.locale)
  return { body: text.trim(), lang: lang === locale ? null : lang }
}

/** Of what has no words of its own. */
function sentenceOf(told: Told, { reader: { say, exact }, at }: Writing): string | null {
  const { event, subject, moment } = told
  const { planned } = subject
  if (event === 'incident.annulled') return say(moment === 'ends' ? 'mail.said.annulled' : 'mail.said.annulledPart')
  if (event === 'maintenance.extended' && planned) return say('mail.said.extended', { when: exact(planned.until).text })
  if (event === 'maintenance.reminded' && planned) {
    return planned.from > at
      ? say('mail.said.begins', { when: exact(planned.from).text })
      : say('mail.said.ends', { when: exact(planned.until).text })
  }
  const key = sentences[event]
  return key === undefined ? null : say(key)
}

const sentences: Partial<Record<Told['event'], MessageKey>> = {
  'incident.reopened': 'mail.said.reopened',
  'incident.changed': 'mail.said.changed',
  'impact.corrected': 'mail.said.changed',
  'update.corrected': 'mail.said.changed',
  'incident.eased': 'program.update',
  'incident.widened': 'program.update',
  'review.published': 'mail.said.review',
  'review.corrected': 'mail.said.reviewCorrected',
  'maintenance.changed': 'program.moved',
  'notice.changed': 'mail.said.noticeChanged',
  'notice.ended': 'mail.said.noticeEnded',
}

function stageSentence({ kind, subject: { stage, noun } }: Told): MessageKey {
  if (kind === 'review') return 'mail.said.review'
  if (noun === 'notice') return 'mail.said.noticeChanged'
  if (stage === 'in_progress') return 'program.begun'
  const key = `program.${stage}`
  return patterns('en').has(key) ? (key as 'program.update') : 'program.update'
}
