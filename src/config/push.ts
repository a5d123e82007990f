import { type Setting, list, matching } from '../lib/settings.ts'

/** Where browsers may take their messages. */
export interface PushConfig {
  readonly pushHosts: readonly string[]
}

export const pushOtherwise: PushConfig = { pushHosts: [] }

export const pushSettings: { readonly [Key in keyof PushConfig]: Setting<PushConfig[Key]> } = {
  pushHosts: {
    name: 'CANDOR_PUSH_HOSTS',
    otherwise: 'none',
    meaning:
      'Push services of browsers beside those of Google, Mozilla, Apple, Microsoft and Samsung. Nothing is sent to any other.',
    accepts: 'none, or host names separated by commas: push.example.com, or .example.com for all below it',
    read: (text) =>
      text === 'none'
        ? []
        : list(text).map((one) => matching(one.toLowerCase(), /^\.?(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*$/i.test(one))),
  },
}
