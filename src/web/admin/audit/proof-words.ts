import type { Event, WayIn } from '../../../domain/changes/events.ts'

type Proof = Extract<
  Event,
  { type: `account.${'factor' | 'passkey' | 'recovery-code' | 'recovery-codes' | 'sessions'}-${string}` }
>

/** What happened to what people prove themselves with. */
export function proofInWords(event: Proof): string {
  switch (event.type) {
    case 'account.factor-added':
      return `added ${factors[event.data.factor]} to the account of ${event.data.name}`
    case 'account.factor-removed':
      return `removed ${factors[event.data.factor]} from the account of ${event.data.name}`
    case 'account.passkey-renamed':
      return `renamed a passkey of ${event.data.name}`
    case 'account.passkey-refused':
      return `tried the passkey “${event.data.passkey}”, which was refused: it counts backwards, so there may be a copy of it`
    case 'account.recovery-codes-made':
      return `made new recovery codes for ${event.data.name}`
    case 'account.recovery-code-used':
      return `signed in with a recovery code; ${event.data.left === 1 ? 'one is' : `${event.data.left} are`} left`
    case 'account.sessions-ended':
      return `signed ${event.data.name} out in ${event.data.count === 1 ? 'another browser' : `${event.data.count} other browsers`}`
  }
}

const factors = { app: 'codes of an app', passkey: 'a passkey' } as const

type Coming = Extract<Event, { type: `account.sign${string}` }>

/** Who came in, how, and who was kept waiting at the door. */
export function comingInWords(event: Coming): string {
  switch (event.type) {
    case 'account.signed-in':
      return `signed in ${ways[event.data.via]}`
    case 'account.signed-out':
      return 'signed out'
    case 'account.sign-in-refused':
      return `was kept waiting at the door of ${event.data.name}, after too many wrong passwords or codes`
  }
}

const ways = {
  password: 'with a password',
  passkey: 'with a passkey',
  'single-sign-on': 'by single sign-on',
  invitation: 'for the first time, with an invitation',
  'set-up': 'for the first time, with the set-up link',
} as const satisfies Record<WayIn, string>
