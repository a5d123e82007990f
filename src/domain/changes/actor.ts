/** Who does something. Only an operator's or a token's id and name are kept, never an address. */
export type Actor =
  | { readonly kind: 'operator'; readonly id: string; readonly name: string }
  | { readonly kind: 'token'; readonly id: string; readonly name: string }
  | { readonly kind: 'probe'; readonly id: string; readonly name: string }
  /** The schedule: a draft's time is up, a window begins. */
  | { readonly kind: 'clock' }
  /** The command line, on the machine itself. */
  | { readonly kind: 'command'; readonly name: string }
  /** The first run, before there is anybody. */
  | { readonly kind: 'setup' }

export const clockActor: Actor = { kind: 'clock' }
