import type { Event } from '../../domain/changes/events.ts'

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
