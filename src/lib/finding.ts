/** What an examination found: in order, or wrong and what to do about it. */
export interface Finding {
  readonly about: string
  readonly found: string
  /** Null: all is well. */
  readonly remedy: string | null
}
