import { affectedOf, notesOf, whole, wordsOf } from '../chat.ts'
import type { Target } from '../../../domain/subscribers/channel.ts'
import type { ComponentStatus } from '../../../domain/components/component.ts'
import { readTarget } from '../../../lib/guard.ts'
import type { Channel, Outcome } from '../channel.ts'
import { type Dialect, marked } from '../dialect.ts'
import type { Letter } from '../letter.ts'
import { destinationOf, postJsonText } from '../post.ts'
import { shortened } from '../shortened.ts'

/** ntfy, published as JSON: at ntfy.sh or at a server of one's own, with a token where it asks for one. */
export const ntfy: Channel = {
  kind: 'ntfy',
  joins: 'yes',
  destination: destinationOf,
  async send(letter, target, parts) {
    const place = placeOf(target)
    if (!place) return nowhere
    const { token = '' } = target
    return postJsonText(parts, {
      url: place.server,
      headers: token === '' ? {} : { authorization: `Bearer ${token}` },
      body: JSON.stringify({ topic: place.topic, ...ntfyMessage(letter) }),
    })
  },
}

const nowhere: Outcome = { became: 'never', reason: 'no such address', code: null, ends: null }

/** `https://ntfy.sh/topic`: JSON is published to the server, which is told the topic. `?auth=` is kept: ntfy takes it there. */
function placeOf({ url = '' }: Target): { readonly server: string; readonly topic: string } | null {
  const address = readTarget(url)
  if (!('url' in address)) return null
  const topic = /^\/([\w-]{1,64})\/?$/.exec(address.url.pathname)?.[1]
  return topic === undefined ? null : { server: `${address.url.origin}/${address.url.search}`, topic }
}

const same = (text: string): string => text

/** No phone shows all of Markdown: it is said without. */
const plain: Dialect = {
  escape: same,
  marks: { bold: ['', ''], italic: ['', ''], strike: ['', ''], code: ['', ''] },
  link: (label, href) => (label === href ? href : `${label} (${href})`),
  codeBlock: same,
  heading: same,
  bullet: '• ',
  quote: '> ',
  newline: '\n',
}

/** Of more than 4096 bytes ntfy makes a file. */
const mostBytes = 4000
const bytes = (text: string): number => Buffer.byteLength(text)

/** By these names ntfy shows an emoji before the title: the shape of the state. */
const tags: Readonly<Record<ComponentStatus, string>> = {
  operational: 'white_check_mark',
  under_maintenance: 'large_blue_diamond',
  degraded_performance: 'warning',
  partial_outage: 'large_orange_diamond',
  major_outage: 'octagonal_sign',
  unknown: 'grey_question',
}
const priorities = { low: 2, normal: 3, critical: 5 } as const

function ntfyMessage(letter: Letter): object {
  const { button, links, affectedTitle, tone, urgency, dir } = letter
  const affected = whole(affectedOf(letter, same), { most: 1200, measure: bytes })
  const rest = [
    affected === '' ? '' : `${shortened(affectedTitle, 60)}\n${affected}`,
    notesOf(letter, same, 200),
  ].filter((part) => part !== '')
  const room = { most: mostBytes - bytes(rest.join('\n\n')) - 2, measure: bytes }
  const actions = [...(button ? [button] : []), ...links].slice(0, 3)
  return {
    title: marked(shortened(letter.subject, 200), dir),
    message: [wordsOf(plain, letter, room), ...rest].filter((part) => part !== '').join('\n\n') || letter.heading,
    priority: priorities[urgency],
    tags: tone === null ? [] : [tags[tone]],
    ...(button ? { click: button.url } : {}),
    actions: actions.map(({ says, url }) => ({ action: 'view', label: shortened(says, 60), url })),
  }
}
