import { affectedOf, labelOf, lineOf, lookOf, notesOf, whole, wordsOf } from '../chat.ts'
import type { Channel } from '../channel.ts'
import { type Dialect, escapedMarkdown, units } from '../dialect.ts'
import type { Letter } from '../letter.ts'
import { destinationOf, postChat } from '../post.ts'
import { shortened } from '../shortened.ts'

/** Discord's webhooks, as an embed. Which thread it goes to, whoever made the address may say in it: `?thread_id=`. */
export const discord: Channel = {
  kind: 'discord',
  joins: 'yes',
  destination: destinationOf,
  send: (letter, { url = '' }, parts) => postChat(parts, waiting(url), discordMessage(letter)),
}

const escape = escapedMarkdown
const withoutTicks = (text: string): string => text.replaceAll('`', 'ˋ')

const markdown: Dialect = {
  escape,
  escapeCode: withoutTicks,
  marks: { bold: ['**', '**'], italic: ['*', '*'], strike: ['~~', '~~'], code: ['`', '`'] },
  // It shows no link whose words are an address themselves.
  link: (label, href) => (label === escape(href) ? bare(href) : `[${label.replaceAll('\n', ' ')}](${bare(href)})`),
  codeBlock: (text) => `\`\`\`\n${withoutTicks(text)}\n\`\`\``,
  heading: (text) => `**${text}**`,
  bullet: '- ',
  quote: '> ',
  newline: '\n',
}

function bare(href: string): string {
  return href.replaceAll(/[<>()\s]/g, (sign) => encodeURIComponent(sign).replace('(', '%28').replace(')', '%29'))
}

/** It says whether a message is well only when it is asked to wait. */
function waiting(address: string): string {
  const url = URL.parse(address)
  url?.searchParams.set('wait', 'true')
  return url?.href ?? address
}

/** Without anybody's attention: who is there sees it. */
const silent = 1 << 12

/** Together at most 6000 characters, which is what an embed may hold. */
function discordMessage(letter: Letter): object {
  const { heading, button, why, links, affectedTitle, tone } = letter
  const affected = affectedOf(letter, escape)
  const description = [bold(escape(labelOf(letter, 150))), wordsOf(markdown, letter, units(2600))]
    .filter((part) => part !== '')
    .join('\n\n')
  const more = [...(button ? [button] : []), ...links].map(({ says, url }) =>
    markdown.link(escape(shortened(says, 80)), url),
  )
  return {
    // Nobody is called, whatever the text says.
    allowed_mentions: { parse: [] },
    ...(letter.urgency === 'low' ? { flags: silent } : {}),
    embeds: [
      {
        author: { name: shortened(letter.site.name, 100), url: letter.site.url },
        title: escapedLine(heading, letter, 200),
        ...(button ? { url: button.url } : {}),
        color: Number.parseInt(lookOf(tone).colour.slice(1), 16),
        ...(description === '' ? {} : { description }),
        fields: [
          ...fieldOf(affectedTitle, whole(affected, units(1000))),
          ...fieldOf('\u200b', notesOf(letter, escape, 200)),
          ...fieldOf('\u200b', whole(more, units(1000), ' · ')),
        ],
        ...(why === null ? {} : { footer: { text: lineOf(why, letter, 300) } }),
      },
    ],
  }
}

function bold(text: string): string {
  return text === '' ? '' : `**${text}**`
}

function fieldOf(name: string, value: string): object[] {
  return value === '' ? [] : [{ name: shortened(name, 100), value, inline: false }]
}

/** Escaped, and short enough even so. */
function escapedLine(text: string, letter: Letter, most: number): string {
  for (let room = most; ; room -= 20) {
    const line = escape(lineOf(text, letter, room))
    if (line.length <= most + 50 || room <= 40) return line
  }
}
