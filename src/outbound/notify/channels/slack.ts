import { affectedOf, labelOf, lineOf, lookOf, notesOf, wordsOf } from '../chat.ts'
import type { Channel } from '../channel.ts'
import { type Dialect, marked, units } from '../dialect.ts'
import type { Letter } from '../letter.ts'
import { destinationOf, postChat } from '../post.ts'
import { shortened } from '../shortened.ts'

/** Slack's incoming webhooks, in blocks. They cannot answer in a thread: Slack does not say what was posted. */
export const slack: Channel = {
  kind: 'slack',
  joins: 'yes',
  destination: destinationOf,
  send: (letter, { url = '' }, parts) => postChat(parts, url, slackMessage(letter)),
}

/** The three characters by which Slack calls people, channels and links. */
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const withoutTicks = (text: string): string => escape(text.replaceAll('`', 'ˋ'))

const mrkdwn: Dialect = {
  escape,
  escapeCode: withoutTicks,
  marks: { bold: ['*', '*'], italic: ['_', '_'], strike: ['~', '~'], code: ['`', '`'] },
  link: (label, href) =>
    `<${href.replaceAll('&', '&amp;').replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('|', '%7C')}|${label.replaceAll('\n', ' ')}>`,
  codeBlock: (text) => `\`\`\`\n${withoutTicks(text)}\n\`\`\``,
  heading: (text) => `*${text.replaceAll('*', '')}*`,
  bullet: '• ',
  quote: '> ',
  newline: '\n',
}

function slackMessage(letter: Letter): object {
  const { heading, button, why, links, affectedTitle } = letter
  const affected = affectedOf(letter, escape)
  const small = [
    ...(why === null ? [] : [marked(escape(shortened(why, 800)), letter.dir)]),
    ...(links.length === 0 ? [] : [links.map(({ says, url }) => mrkdwn.link(escape(says), url)).join(' · ')]),
  ]
  return {
    // What a notification shows, and whoever reads it aloud.
    text: escape(lineOf(`${lookOf(letter.tone).shape} ${letter.subject}`, letter, 1000)),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: lineOf(heading, letter, 150), emoji: false } },
      context([
        escape([labelOf(letter, 200), shortened(letter.site.name, 200)].filter((part) => part !== '').join(' · ')),
      ]),
      ...sections([wordsOf(mrkdwn, letter, units(3000))]),
      ...sections(
        affected.length === 0 ? [] : [[`*${escape(shortened(affectedTitle, 100))}*`, ...affected].join('\n')],
      ),
      ...sections([notesOf(letter, escape, 500)]),
      ...(button === null ? [] : [{ type: 'actions', elements: [buttonOf(button)] }]),
      ...(small.length === 0 ? [] : [context(small)]),
    ],
  }
}

// `verbatim`: or Slack would look for names of channels and people in it all the same.
const text = (said: string): object => ({ type: 'mrkdwn', text: said, verbatim: true })

function sections(texts: readonly string[]): object[] {
  return texts.filter((said) => said !== '').map((said) => ({ type: 'section', text: text(said), expand: true }))
}

function context(texts: readonly string[]): object {
  return { type: 'context', elements: texts.map(text) }
}

function buttonOf({ says, url }: NonNullable<Letter['button']>): object {
  return {
    type: 'button',
    text: { type: 'plain_text', text: shortened(says, 75), emoji: false },
    url,
    style: 'primary',
  }
}
