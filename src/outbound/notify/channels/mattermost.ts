import { affectedOf, labelOf, lineOf, lookOf, notesOf, wordsOf } from '../chat.ts'
import type { Channel } from '../channel.ts'
import { type Dialect, escapedMarkdown, units } from '../dialect.ts'
import type { Letter } from '../letter.ts'
import { destinationOf, postChat } from '../post.ts'
import { shortened } from '../shortened.ts'

/** Mattermost's incoming webhooks, as an attachment. They cannot answer in a thread: it does not say what was posted. */
export const mattermost: Channel = {
  kind: 'mattermost',
  joins: 'yes',
  destination: destinationOf,
  send: (letter, { url = '' }, parts) => postChat(parts, url, mattermostMessage(letter)),
}

/** It looks for `@all` and for Slack's `<!channel>` in every text but titles, whatever is escaped: they are broken up. */
const quiet = (text: string): string => text.replaceAll(/[@<](?=\S)|:(?=[\w+-]+:)/g, '$&\u200b')
const escape = (text: string): string => quiet(escapedMarkdown(text.replaceAll('&', '&amp;')))
const withoutTicks = (text: string): string => quiet(text.replaceAll('`', 'ˋ'))

const markdown: Dialect = {
  escape,
  escapeCode: withoutTicks,
  marks: { bold: ['**', '**'], italic: ['*', '*'], strike: ['~~', '~~'], code: ['`', '`'] },
  link: (label, href) => `[${label.replaceAll('\n', ' ')}](${bare(href)})`,
  codeBlock: (text) => `\`\`\`\n${withoutTicks(text)}\n\`\`\``,
  heading: (text) => `**${text}**`,
  bullet: '- ',
  quote: '> ',
  newline: '\n',
}

function bare(href: string): string {
  const signs: Readonly<Record<string, string>> = { '(': '%28', ')': '%29', '<': '%3C', '>': '%3E', '@': '%40' }
  return href.replaceAll(/[()<>@]/g, (sign) => signs[sign] ?? sign)
}

function mattermostMessage(letter: Letter): object {
  const { heading, button, why, links, affectedTitle, tone, site } = letter
  const affected = affectedOf(letter, escape)
  const label = labelOf(letter, 200)
  const below = links.map(({ says, url }) => markdown.link(escape(says), url)).join(' · ')
  return {
    attachments: [
      {
        fallback: quiet(lineOf(`${lookOf(tone).shape} ${letter.subject}`, letter, 500)),
        color: lookOf(tone).colour,
        author_name: quiet(shortened(site.name, 100)),
        author_link: site.url,
        title: quiet(lineOf(heading, letter, 250)),
        ...(button ? { title_link: button.url } : {}),
        text: [
          label === '' ? '' : `**${escape(label)}**`,
          wordsOf(markdown, letter, units(6000)),
          notesOf(letter, escape, 500),
          button === null ? '' : `**${markdown.link(escape(shortened(button.says, 80)), button.url)}**`,
          below,
        ]
          .filter((part) => part !== '')
          .join('\n\n'),
        fields:
          affected.length === 0
            ? []
            : [{ title: shortened(affectedTitle, 100), value: affected.join('\n'), short: false }],
        ...(why === null ? {} : { footer: quiet(lineOf(why, letter, 300)) }),
      },
    ],
  }
}
