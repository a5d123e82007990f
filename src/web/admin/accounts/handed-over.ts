/** A link that is shown this once, for somebody else to open. */
export interface HandedOver {
  readonly kind: 'invitation' | 'reset'
  readonly href: string
  /** An address or a name. */
  readonly to: string
  readonly role: string
  /** It is on its way by mail as well. */
  readonly isMailed: boolean
}
