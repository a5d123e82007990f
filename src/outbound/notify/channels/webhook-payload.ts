import type { Told, ToldComponent, ToldSubject, ToldWord } from '../../../domain/deliveries/told.ts'
import { type Instant, wallClock } from '../../../lib/clock.ts'
import type { Letter } from '../letter.ts'

/** What is posted, and the name under which a receiver may drop repeats of it. */
export interface Posted {
  readonly id: string
  readonly payload: object
}

/** Our own payload, version 1: docs/webhooks.md. Keys are only ever added. */
export function webhookPayload(letter: Letter): object {
  const [told] = letter.told
  return {
    version: 1,
    type: told ? told.event : (letterTypes[letter.kind] ?? letter.kind),
    timestamp: momentOf(letter),
    // Rises with everything that is sent: what has a lower one than what is already there came late.
    number: Number(letter.key.split('.')[0]),
    data: {
      site: letter.site,
      ...(told ? toldData(told, letter) : letterData(letter)),
      links: {
        manage: letter.links.find(({ url }) => url.includes('/subscriptions/manage/'))?.url ?? null,
        leave: letter.leave?.url ?? null,
      },
    },
  }
}

/** When what the letter tells was said. */
export function momentOf({ words, told }: Letter): Instant {
  return words.at(-1)?.at ?? told.at(-1)?.word?.at ?? wallClock.now()
}

const letterTypes: Partial<Record<Letter['kind'], string>> = {
  confirm: 'subscription.confirm',
  known: 'subscription.known',
  test: 'subscription.test',
}

const moments = { begins: 'begins', 'goes on': 'continues', ends: 'ends' } as const satisfies Record<
  Told['moment'],
  string
>

function toldData(told: Told, { button, site }: Letter): object {
  return {
    kind: told.kind,
    moment: moments[told.moment],
    [told.subject.noun]: subjectData(told.subject, button?.url ?? site.url),
    update: told.word && wordData(told.word),
    update_before: told.wordBefore && wordData(told.wordBefore),
    components: told.components.map(componentData),
  }
}

function subjectData({ id, name, locale, translations, ...subject }: ToldSubject, url: string): object {
  return {
    id,
    name,
    locale,
    translations,
    severity: subject.severity,
    stage: subject.stage,
    began_at: subject.beganAt,
    over_at: subject.overAt,
    planned_from: subject.planned?.from ?? null,
    planned_until: subject.planned?.until ?? null,
    url,
  }
}

function wordData({ id, stage, body, locale, translations, at, nextUpdateBy, noPromiseReason }: ToldWord): object {
  return {
    id,
    stage,
    body,
    locale,
    translations,
    at,
    next_update_by: nextUpdateBy,
    no_promise_reason: noPromiseReason,
  }
}

function componentData({ id, groupId, name, translations, from, to }: ToldComponent): object {
  return { id, group_id: groupId, name, translations, status_before: from, status: to }
}

/** A letter to one receiver: in words, and what can be done. */
function letterData({ subject, heading, words, button }: Letter): object {
  return {
    subject,
    text: [heading, ...words.map(({ body }) => body)].join('\n\n'),
    action: button && { label: button.says, url: button.url },
  }
}
