import { type Setting, matching, refuse } from '../lib/settings.ts'

/** The gateway that sends text messages: whichever takes a number and a text over HTTP. */
export interface SmsConfig {
  readonly smsUrl: string | null
  readonly smsBody: string
  readonly smsAuthorization: string | null
}

export const smsOtherwise: SmsConfig = {
  smsUrl: null,
  smsBody: '{"to":"{to}","text":"{text}"}',
  smsAuthorization: null,
}

export const smsSettings: { readonly [Key in keyof SmsConfig]: Setting<SmsConfig[Key]> } = {
  smsUrl: {
    name: 'CANDOR_SMS_URL',
    otherwise: 'none',
    meaning: 'The gateway for text messages: each is a POST to this address. Without it they are not offered.',
    accepts: 'https:// or http:// with a host and a path',
    read: gateway,
  },
  smsBody: {
    name: 'CANDOR_SMS_BODY',
    otherwise: smsOtherwise.smsBody,
    meaning:
      'What is sent to it, JSON or a form. {to} is replaced by the number with its plus, {digits} by the number without it, {text} by the text; quoting is done for you.',
    accepts: 'JSON in which they stand within strings, or To={to}&Body={text}',
    read: (text) => matching(text, isTemplate(text)),
  },
  smsAuthorization: {
    name: 'CANDOR_SMS_AUTHORIZATION',
    otherwise: 'none',
    meaning: 'The header “Authorization” for it.',
    accepts: 'Bearer …, Basic … or whatever it asks for, in one line',
    read: (text) => matching(text, /^[\x20-\x7e]+$/.test(text)),
  },
}

/** Whether the body of the gateway is JSON; it is a form otherwise. */
export function isJsonBody(template: string): boolean {
  return /^\s*[{[]/.test(template)
}

function isTemplate(text: string): boolean {
  if (!text.includes('{text}') || !(text.includes('{to}') || text.includes('{digits}'))) return false
  if (!isJsonBody(text)) return /^[^=&\s]+=[^&\s]*(?:&[^=&\s]+=[^&\s]*)*$/.test(text)
  try {
    // A number where a string has to stand would still be JSON without its quotes.
    JSON.parse(text.replaceAll(/\{(?:to|digits|text)\}/g, 'x'))
    return true
  } catch {
    return false
  }
}

function gateway(text: string): string {
  const url = URL.parse(text)
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return refuse()
  if (url.username !== '' || url.password !== '') return refuse('A password belongs into CANDOR_SMS_AUTHORIZATION.')
  return url.href
}
