import type { Payload } from '../../domain/deliveries/message.ts'
import { openedLink } from '../../domain/deliveries/sealed-link.ts'
import { later } from '../../lib/clock.ts'
import { type Content, type Of, type Writing, linkTo } from './compose-about.ts'
import { clipped, glance, line, literally } from './compose-line.ts'

/** Letters to one: nothing happened on the page. */
export function letterOf(payload: Exclude<Payload, Of<'told'>>, writing: Writing): Content {
  switch (payload.kind) {
    case 'confirm':
      return writing.recipient.channel === 'web-push' ? arriving(writing) : confirming(writing)
    case 'known':
      return {
        ...plainly('known', writing),
        button: { says: writing.reader.say('mail.known.button'), url: linkTo('manage', writing) },
        links: [{ says: writing.reader.say('mail.link.leave'), url: linkTo('leave', writing) }],
      }
    case 'test':
      return plainly('test', writing, { name: payload.by })
    case 'alert':
      return alerting(payload, writing)
    case 'reset':
    case 'invitation':
      return leading(payload, writing)
  }
}

/** Nothing in it is anybody's but ours: whoever types an address into a form must not be able to write to it. */
function confirming(writing: Writing): Content {
  const { say, exact } = writing.reader
  return {
    ...plainly('confirm', writing),
    facts: say('mail.confirm.until', { when: exact(later(writing.at, 86_400)).text }),
    button: { says: say('mail.confirm.button'), url: linkTo('confirm', writing) },
  }
}

/** To a browser, whose question was the consent: that its push service takes this one proves that there is such a browser. */
function arriving(writing: Writing): Content {
  const button = { says: writing.reader.say('mail.browser.button'), url: linkTo('manage', writing) }
  return { ...plainly('browser', writing), button }
}

function leading({ kind, sealedLink, until }: Of<'reset' | 'invitation'>, writing: Writing): Content {
  const { say, exact } = writing.reader
  return {
    ...plainly(kind, writing),
    facts: say('mail.confirm.until', { when: exact(until).text }),
    button: { says: say(`mail.${kind}.button`), url: openedLink(writing.vault, writing.recipient.id, sealedLink) },
  }
}

/** What operators are called for: its sentence, and where something can be done about it. The desk speaks English. */
function alerting({ name, data: { path = '/admin', deed, detail, urgency } }: Of<'alert'>, writing: Writing): Content {
  const { say, locale } = writing.reader
  const title = line(name)
  return {
    ...plainly('test', writing),
    kind: 'alert',
    subject: say('mail.subject', { site: writing.siteName, name: clipped(title, 160) }),
    preheader: deed ?? '',
    heading: title,
    headingLang: locale === 'en' ? null : 'en',
    urgency: urgency === 'critical' || urgency === 'low' ? urgency : 'normal',
    words: detail === undefined ? [] : [{ label: '', at: writing.at, when: '', body: detail, lang: null }],
    button: { says: deed ?? say('mail.button.desk'), url: writing.url + path },
    why: say('mail.why.team', { site: writing.siteName }),
  }
}

function plainly(
  kind: 'confirm' | 'browser' | 'known' | 'test' | 'reset' | 'invitation',
  { reader: { say }, siteName, at }: Writing,
  { name = '' }: { readonly name?: string } = {},
): Content {
  const body = say(`mail.${kind}.body`, { site: literally(siteName), name: literally(line(name)) })
  return {
    kind: kind === 'browser' ? 'confirm' : kind,
    subject: say(`mail.${kind}.subject`, { site: siteName }),
    preheader: glance(body),
    heading: say(`mail.${kind}.heading`),
    headingLang: null,
    label: '',
    tone: null,
    urgency: 'normal',
    words: [{ label: '', at, when: '', body, lang: null }],
    affected: [],
    affectedTitle: '',
    promise: null,
    facts: null,
    button: null,
    why: null,
    links: [],
  }
}
