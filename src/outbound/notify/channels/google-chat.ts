import { affectedOf, labelOf, lineOf, lookOf, notesOf, wordsOf } from '../chat.ts'
import type { Channel } from '../channel.ts'
import { type Dialect, marked } from '../dialect.ts'
import type { Letter } from '../letter.ts'
import { destinationOf, postChat } from '../post.ts'
import { shortened } from '../shortened.ts'

/** Google Chat's webhooks, as a card; what belongs to one conversation is one thread. */
export const googleChat: Channel = {
  kind: 'google-chat',
  joins: 'yes',
  destination: destinationOf,
  send: (letter, { url = '' }, parts) => postChat(parts, threading(url), googleChatMessage(letter)),
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const lines = (text: string): string => escape(text).replaceAll('\n', '<br>')

const html: Dialect = {
  escape: lines,
  marks: { bold: ['<b>', '</b>'], italic: ['<i>', '</i>'], strike: ['<s>', '</s>'], code: ['“', '”'] },
  link: (label, href) => `<a href="${escape(href)}">${label}</a>`,
  codeBlock: lines,
  heading: (text) => `<b>${text}</b>`,
  bullet: '• ',
  quote: '› ',
  newline: '<br>',
}

/** A message holds 32 000 bytes; a paragraph that long is not read. */
const room = { most: 12_000, measure: (text: string): number => Buffer.byteLength(text) }

function threading(address: string): string {
  const url = URL.parse(address)
  url?.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD')
  return url?.href ?? address
}

function googleChatMessage(letter: Letter): object {
  const { heading, button, why, links, affectedTitle, site, tone } = letter
  const affected = affectedOf(letter, escape)
  const label = escape(labelOf(letter, 200))
  const small = [
    ...(why === null ? [] : [marked(escape(shortened(why, 800)), letter.dir)]),
    ...(links.length === 0 ? [] : [links.map(({ says, url }) => html.link(escape(says), url)).join(' · ')]),
  ]
  return {
    fallbackText: lineOf(`${lookOf(tone).shape} ${letter.subject}`, letter, 1000),
    thread: { threadKey: letter.thread },
    cardsV2: [
      {
        cardId: letter.key,
        card: {
          header: { title: lineOf(heading, letter, 200), subtitle: shortened(site.name, 100) },
          sections: [
            {
              widgets: [
                ...paragraphs([
                  label && `<font color="${lookOf(tone).colour}"><b>${label}</b></font>`,
                  wordsOf(html, letter, room),
                ]),
                ...paragraphs(
                  affected.length === 0
                    ? []
                    : [[`<b>${escape(shortened(affectedTitle, 100))}</b>`, ...affected].join('<br>')],
                ),
                ...paragraphs([notesOf(letter, escape, 500).replaceAll('\n', '<br>')]),
                ...(button === null ? [] : [{ buttonList: { buttons: [buttonOf(button)] } }]),
              ],
            },
            ...(small.length === 0 ? [] : [{ widgets: paragraphs([small.join('<br>')]) }]),
          ],
        },
      },
    ],
  }
}

function paragraphs(texts: readonly string[]): object[] {
  return texts.filter((text) => text !== '').map((text) => ({ textParagraph: { text } }))
}

function buttonOf({ says, url }: NonNullable<Letter['button']>): object {
  return { text: shortened(says, 80), onClick: { openLink: { url } } }
}
