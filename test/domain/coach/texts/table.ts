/** A text, the stage at which it is said, the rules that find what they look for, and those that have a hint. */
export type Row = readonly [stage: string, body: string, done: string, hints: string]
