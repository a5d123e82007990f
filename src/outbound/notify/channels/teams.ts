import { type Block, type Inline, type Mark, firstOf, markdownTree, textOf } from '../../../lib/markdown-tree.ts'
import { directionOf } from '../../../domain/site/reader.ts'
import type { ComponentStatus } from '../../../domain/components/component.ts'
import { affectedOf, labelOf, notesOf } from '../chat.ts'
import type { Channel } from '../channel.ts'
import { marked } from '../dialect.ts'
import type { Letter, LetterWord } from '../letter.ts'
import { type Reading, destinationOf, postChat } from '../post.ts'
import { shortened } from '../shortened.ts'

/** Microsoft Teams, as an Adaptive Card in the envelope that Workflows take. They cannot answer in a thread. */
export const teams: Channel = {
  kind: 'teams',
  joins: 'yes',
  destination: destinationOf,
  send: (letter, { url = '' }, parts) => postChat(parts, url, teamsMessage(letter), connector),
}

/** The older connectors say 200 to everything, and in words what they did. */
const connector: Reading = ({ status, body }) => {
  if (status !== 200 || !body.includes('Webhook message delivery failed')) return null
  const reason = body.includes('429') ? 'too many at once' : 'receiver failed'
  return { became: 'later', reason, code: '200' }
}

/** A card holds 28 000 bytes in all. */
const mostBytes = 26_000

function teamsMessage(letter: Letter): object {
  let most = 6000
  let message = envelope(letter, most)
  while (Buffer.byteLength(JSON.stringify(message)) > mostBytes && most > 50) {
    most = Math.floor(most / 2)
    message = envelope(letter, most)
  }
  return message
}

const tones: Readonly<Record<ComponentStatus, { readonly style: string; readonly color: string }>> = {
  operational: { style: 'good', color: 'Good' },
  under_maintenance: { style: 'accent', color: 'Accent' },
  degraded_performance: { style: 'warning', color: 'Warning' },
  partial_outage: { style: 'warning', color: 'Warning' },
  major_outage: { style: 'attention', color: 'Attention' },
  unknown: { style: 'emphasis', color: 'Default' },
}

// Rich text everywhere: plain blocks of text would read Markdown and mentions in the names of things.
function envelope(letter: Letter, most: number): object {
  const { tone, heading, dir, affectedTitle, why, site } = letter
  const { style, color } = tone === null ? tones.unknown : tones[tone]
  const affected = affectedOf(letter, (text) => text)
  const label = labelOf(letter, 200)
  const notes = notesOf(letter, (text) => text, 500)
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    ...(dir === 'rtl' ? { rtl: true } : {}),
    msteams: { width: 'Full' },
    fallbackText: shortened(letter.subject, 300),
    body: [
      {
        type: 'Container',
        style,
        bleed: true,
        items: [
          ...(label === '' ? [] : [rich([{ text: label, weight: 'Bolder', color }])]),
          rich([{ text: shortened(heading, 300), weight: 'Bolder', size: 'Large' }]),
          rich([{ text: shortened(site.name, 200), isSubtle: true, size: 'Small' }]),
        ],
      },
      ...wordBlocks(letter, most),
      ...(affected.length === 0
        ? []
        : [
            rich([{ text: shortened(affectedTitle, 100), weight: 'Bolder' }]),
            ...affected.map((text) => rich([{ text }], 'None')),
          ]),
      ...notes.split('\n').flatMap((text) => (text === '' ? [] : [rich([{ text }])])),
      ...(why === null ? [] : [rich([{ text: marked(shortened(why, 500), dir), isSubtle: true, size: 'Small' }])]),
    ],
    actions: actionsOf(letter),
  }
  return {
    type: 'message',
    // What a toast shows.
    summary: shortened(letter.subject, 300),
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }],
  }
}

type Run = Readonly<Record<string, unknown>> & { readonly text: string }

function rich(runs: readonly Run[], spacing = 'Default'): object {
  return { type: 'RichTextBlock', spacing, inlines: runs.map((run) => ({ type: 'TextRun', ...run })) }
}

/** The newest is whole if it can be; those before it have what it leaves. */
function wordBlocks({ words, dir }: Letter, most: number): object[] {
  const said: object[][] = []
  let left = most
  for (const word of words.toReversed()) {
    if (left <= 0) break
    const blocks = firstOf(markdownTree(word.body), left)
    left -= blocks.reduce((sum, block) => sum + textOf(block.words).length, 0)
    const own = word.lang ? directionOf(word.lang) : dir
    said.unshift([...(words.length > 1 ? [headOf(word)] : []), ...blocks.map((block) => blockOf(block, own))])
  }
  return said.flat()
}

function headOf({ label, when }: LetterWord): object {
  return rich([{ text: `${label} · ${when}`, weight: 'Bolder' }])
}

function blockOf({ kind, marker, depth, words }: Block, dir: 'ltr' | 'rtl'): object {
  const before = kind === 'item' ? `${'\u2003'.repeat(Math.max(depth - 1, 0))}${marker ?? '\u2003'} ` : ''
  const start: Run[] = before === '' ? [] : [{ text: before }]
  const shown =
    kind === 'code' ? runsOf(words, new Set(['code'])) : runsOf(words, new Set(kind === 'heading' ? ['bold'] : []))
  const runs = [...start, ...shown]
  const [first, ...rest] = runs
  return rich(
    first ? [{ ...first, text: marked(first.text, dir) }, ...rest] : [],
    kind === 'item' ? 'Small' : 'Default',
  )
}

function runsOf(words: readonly Inline[], marks: ReadonlySet<Mark>, href: string | null = null): Run[] {
  return words.flatMap((word) => {
    if (word.kind === 'marked') return runsOf(word.words, new Set([...marks, word.mark]), href)
    if (word.kind === 'link') return runsOf(word.words, marks, word.href)
    return [
      {
        text: word.text,
        ...(marks.has('bold') ? { weight: 'Bolder' } : {}),
        ...(marks.has('italic') ? { italic: true } : {}),
        ...(marks.has('strike') ? { strikethrough: true } : {}),
        ...(marks.has('code') ? { fontType: 'Monospace' } : {}),
        ...(href === null ? {} : { selectAction: { type: 'Action.OpenUrl', url: href } }),
      },
    ]
  })
}

function actionsOf({ button, links }: Letter): object[] {
  return [...(button ? [button] : []), ...links]
    .slice(0, 6)
    .map(({ says, url }) => ({ type: 'Action.OpenUrl', title: shortened(says, 80), url }))
}
