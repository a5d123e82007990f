import type { ComponentStatus } from '../../domain/components/component.ts'
import { directionOf } from '../../domain/site/reader.ts'
import { beside } from './compose-line.ts'
import { type Dialect, type Room, inDialect, marked } from './dialect.ts'
import type { Letter } from './letter.ts'
import { shortened } from './shortened.ts'

interface Look {
  /** Told apart without colour. */
  readonly shape: string
  /** As on the page: `views/assets/tokens.css`. */
  readonly colour: string
}

/** What is said of no state. */
const plain: Look = { shape: '', colour: '#44546a' }

/** The state of things, as a shape and a colour that repeats it; its word stands in the letter. */
export function lookOf(tone: Letter['tone']): Look {
  return tone === null ? plain : looks[tone]
}

const looks: Readonly<Record<ComponentStatus, Look>> = {
  operational: { shape: '✅', colour: '#1f7a4d' },
  under_maintenance: { shape: '🔷', colour: '#2f5fb3' },
  degraded_performance: { shape: '🟨', colour: '#8a6100' },
  partial_outage: { shape: '🔶', colour: '#b34700' },
  major_outage: { shape: '🛑', colour: '#b3261e' },
  unknown: { shape: '❔', colour: '#6a6e76' },
}

/** `🛑 Incident · Identified`, in one line. */
export function labelOf({ tone, label, dir }: Letter, most: number): string {
  return marked(shortened([lookOf(tone).shape, label].filter((part) => part !== '').join(' '), most), dir)
}

/** One line of plain text, for where services show no more. */
export function lineOf(text: string, { dir }: Letter, most: number): string {
  return marked(shortened(text, most - 1), dir)
}

/** As many of the words as there is room for, the newest first of all; it stands last, as they were said. */
export function wordsOf(dialect: Dialect, letter: Letter, room: Room): string {
  const several = letter.words.length > 1
  const said: string[] = []
  let left = room.most
  for (const { label, when, body, lang } of letter.words.toReversed()) {
    const dir = lang ? directionOf(lang) : letter.dir
    const [open, close] = dialect.marks.bold
    const head = several ? marked(`${open}${dialect.escape(`${label} · ${when}`)}${close}${dialect.newline}`, dir) : ''
    const gap = dialect.newline.repeat(2)
    const text = inDialect(dialect, body, { ...room, most: left - room.measure(head) - room.measure(gap) }, dir)
    if (text === '') break
    said.unshift(head + text)
    left -= room.measure(head + text + gap)
  }
  return said.join(dialect.newline.repeat(2))
}

/** What is known of its times, and when more will be said. */
export function notesOf({ facts, promise, dir }: Letter, escape: (text: string) => string, most: number): string {
  return [facts, promise]
    .filter((note) => note !== null)
    .map((note) => marked(escape(shortened(note, most)), dir))
    .join('\n')
}

const mostAffected = 10

/** `🛑 Search: major outage`, a line each; of many, as many as are read. */
export function affectedOf({ affected, dir }: Letter, escape: (text: string) => string): string[] {
  const lines = affected
    .slice(0, mostAffected)
    .map(({ name, status, says }) =>
      marked(`${looks[status].shape} ${escape(shortened(beside(name, says), 150))}`, dir),
    )
  return affected.length > mostAffected ? [...lines, `… +${affected.length - mostAffected}`] : lines
}

/** As many as there is room for, none of them cut: of a link, half leads nowhere. */
export function whole(parts: readonly string[], { most, measure }: Room, between = '\n'): string {
  let text = ''
  for (const part of parts) {
    const longer = text === '' ? part : text + between + part
    if (measure(longer) > most) break
    text = longer
  }
  return text
}
