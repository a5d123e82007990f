import { Invalid } from './errors.ts'

/** An environment variable: its name, what stands there otherwise, its meaning, and how it is read. */
export interface Setting<Value> {
  readonly name: `CANDOR_${string}`
  /** What stands there if nobody says anything, in words where it follows from another setting. */
  readonly otherwise: string
  readonly meaning: string
  readonly accepts: string
  /** Reads what was written, or throws an `Invalid` that says what is wrong with it. */
  read(text: string): Value
}

/** Ends reading a value, with a sentence if there is more to say than what would be accepted. */
export function refuse(sentence = ''): never {
  throw new Invalid(sentence)
}

export function matching(text: string, fits: boolean): string {
  return fits ? text : refuse()
}

export function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
