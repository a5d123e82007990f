import type { Told, ToldWord } from '../../domain/deliveries/told.ts'
import { type Locale, inLocale } from '../../domain/site/site.ts'
import { type MessageKey, type Say, patterns, shownMessages } from '../../lib/messages.ts'
import type { Writing } from './compose-about.ts'
import { line, literally, quoted } from './compose-line.ts'

/** What is said of something: Markdown, and its language where it is not the reader's. */
interface Saying {
  readonly body: string
  readonly lang: Locale | null
}

/** What happened to words or plans, where the stage does not say it. Null: the stage does. */
export function markOf({ event }: Told, say: Say): string | null {
  const key = marks[event]
  return key === undefined ? null : say(key)
}

const marks: Partial<Record<Told['event'], MessageKey>> = {
  'update.corrected': 'mail.mark.corrected',
  'update.withdrawn': 'mail.mark.withdrawn',
  'incident.reopened': 'mail.mark.reopened',
  'maintenance.reminded': 'mail.mark.reminder',
  'action.done': 'mail.mark.done',
  'action.dropped': 'mail.mark.dropped',
}

/** Imported records may carry a stage that no catalogue knows: it is said as it came. A notice has none. */
export function stageWord({ kind, word, subject }: Told, say: Say): string {
  if (kind === 'review') return say('stage.postmortem')
  if (subject.noun === 'notice') return ''
  const stage = word?.stage ?? subject.stage
  const key = `stage.${stage}`
  return patterns('en').has(key) ? say(key as 'stage.update') : line(stage)
}

/** The word itself, and how it was before; where there is none, what that means in a sentence of ours. */
export function sayingOf(told: Told, writing: Writing): Saying {
  const { say } = writing.reader
  const { word, wordBefore, event } = told
  if (event === 'update.withdrawn') return { body: withdrawn(word, say), lang: null }
  const said = word && textOf(word, writing)
  if (!said || said.body === '') return { body: sentenceOf(told, writing), lang: null }
  const before = wordBefore && textOf(wordBefore, writing)
  // Another language of it may have been corrected, and not what this reader reads.
  if (!before || before.body === said.body) return said
  // In the language of what stands around it.
  const sayThere = said.lang === null ? say : shownMessages(said.lang)
  return { ...said, body: `${said.body}\n\n*${sayThere('mail.said.before')}*\n\n${quoted(before.body)}` }
}

function textOf(word: ToldWord, { reader: { locale } }: Writing): Saying {
  const { text, locale: lang } = inLocale(word, 'body', locale, word.locale)
  return { body: text.trim(), lang: lang === locale ? null : lang }
}

/** Of a word that was withdrawn comes why; the page keeps what it said. */
function withdrawn(word: ToldWord | null, say: Say): string {
  const reason = line(word?.body ?? '')
  const sentence = say('mail.said.withdrawn')
  return reason === '' ? sentence : `${sentence}\n\n${say('promise.reason', { reason: literally(reason) })}`
}

function sentenceOf({ event, kind, subject: { stage, planned } }: Told, { reader: { say, exact } }: Writing): string {
  if (event === 'maintenance.reminded' && planned) return say('mail.said.begins', { when: exact(planned.from).text })
  if (kind === 'review') return say('mail.said.review')
  const key = stage === 'in_progress' ? 'program.begun' : `program.${stage}`
  return say(patterns('en').has(key) ? (key as 'program.update') : 'program.update')
}
