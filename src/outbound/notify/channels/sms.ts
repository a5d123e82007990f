import { isJsonBody } from '../../../config/sms.ts'
import { plainText } from '../../../lib/markdown.ts'
import type { Channel } from '../channel.ts'
import type { Letter } from '../letter.ts'
import { type Reading, post } from '../post.ts'
import { fitting, withoutFinery } from '../short-messages.ts'

/** Text messages, through whichever gateway takes a number and a text over HTTP. */
export const sms: Channel = {
  kind: 'sms',
  joins: 'yes',
  destination: () => 'sms',
  async send(letter, { number = '' }, parts) {
    const { sms: gateway } = parts.means
    if (gateway === null) return { became: 'later', reason: 'our own fault', code: null }
    const isJson = isJsonBody(gateway.body)
    const headers = {
      'content-type': isJson ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded; charset=utf-8',
      ...(gateway.authorization === null ? {} : { authorization: gateway.authorization }),
    }
    const values: Readonly<Record<string, string>> = {
      '{to}': number,
      '{digits}': number.replace('+', ''),
      '{text}': textOf(letter),
    }
    // In one go: what stands in a text is not looked through again.
    const body = gateway.body.replaceAll(/\{(?:to|digits|text)\}/g, (name) => {
      const value = values[name] ?? ''
      return isJson ? JSON.stringify(value).slice(1, -1) : encodeURIComponent(value)
    })
    return post(parts, { url: gateway.url, headers, body }, refusal)
  },
}

/**
 * Who says who speaks, what it is, and where more stands; with the first of a conversation, how to end it. The link to
 * the page is never cut, the words are.
 */
function textOf({ site, subject, words, preheader, button, isFirst, leave, links }: Letter): string {
  const word = words.at(-1)
  const head = withoutFinery(subject.includes(site.name) ? subject : `${site.name}: ${subject}`)
  const body = withoutFinery(word ? plainText(word.body) : preheader)
  const end = isFirst ? links.find(({ url }) => url === leave?.url) : undefined
  return fitting({
    head,
    body,
    link: button?.url ?? null,
    end: end ? `${withoutFinery(end.says)}: ${end.url}` : null,
  })
}

/**
 * Gateways say by the same 400 that a number is none and that a setting is wrong: nobody is dropped for it. And what they
 * say of their own address is nothing about the number.
 */
const refusal: Reading = ({ status }) => {
  const code = String(status)
  if (status === 400 || status === 422) return { became: 'never', reason: 'refused by the receiver', code, ends: null }
  if (status === 404 || status === 410) return { became: 'later', reason: 'receiver failed', code }
  return status >= 401 && status <= 403 ? { became: 'later', reason: 'not allowed', code } : null
}
