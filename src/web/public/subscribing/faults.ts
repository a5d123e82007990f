import type { Refusal } from '../../../lib/errors.ts'
import type { Say } from '../../../lib/messages.ts'

/** What is wrong with a form: beside the field, in the reader's words, saying what to do. */
export interface Fault {
  readonly field: string | null
  readonly words: string
}

/** Domain sentences are for programs and operators; readers get theirs in their language. */
export function faultOf({ field }: Pick<Refusal, 'field'>, say: Say): Fault {
  const [name = ''] = (field ?? '').split(/[[.]/)
  switch (name) {
    case 'email':
    case 'number':
    case 'channel':
    case 'kinds':
    case 'scope':
      return { field: name, words: say(`subscribe.wrong.${name}`) }
    case 'quietFrom':
    case 'quietUntil':
      return { field: 'quiet', words: say('subscribe.wrong.quiet') }
    case 'components':
    case 'groups':
    case 'incidents':
    case 'everything':
      return { field: 'scope', words: say('subscribe.wrong.scope') }
    case 'webhook':
    case 'slack':
    case 'discord':
    case 'teams':
    case 'google-chat':
    case 'mattermost':
    case 'ntfy':
      return { field: name, words: say('subscribe.wrong.url') }
    default:
      return { field: null, words: say('subscribe.wrong.other') }
  }
}
