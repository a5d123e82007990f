/** Who does something. With an event only their id and name are kept; `from`, their address, is kept apart and not for good. */
export type Actor =
  | { readonly kind: 'operator'; readonly id: string; readonly name: string; readonly from?: string }
  | { readonly kind: 'token'; readonly id: string; readonly name: string; readonly from?: string }
  | { readonly kind: 'probe'; readonly id: string; readonly name: string }
  /** The schedule: a draft's time is up, a window begins. */
  | { readonly kind: 'clock' }
  /** The command line, on the machine itself. */
  | { readonly kind: 'command'; readonly name: string }
  /** Somebody at the door whom we do not know yet: the first run, an invitation, a sign-in that failed. */
  | { readonly kind: 'setup'; readonly from?: string }

export const clockActor: Actor = { kind: 'clock' }
