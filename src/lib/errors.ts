/**
 * A request that is refused, with a sentence for the person who made it. Faces turn it into their own shape;
 * everything else that is thrown is a bug.
 */
export abstract class Refusal extends Error {
  /** The input that is at fault, as its path in the form or document: `name`, `components[2].status`. */
  readonly field: string | null

  constructor(message: string, field: string | null = null, options: ErrorOptions = {}) {
    super(message, options)
    this.name = new.target.name
    this.field = field
  }
}

/** There is no such thing, or not for this reader. */
export class NotFound extends Refusal {}

/** What was said does not make sense. */
export class Invalid extends Refusal {}

/** It made sense once, but things have moved on. */
export class Conflict extends Refusal {}

/** This person may not do this. */
export class Forbidden extends Refusal {}

/** Too much at once, or too often: the same may be asked again later. */
export class TooMany extends Refusal {
  readonly retryAfterSeconds: number

  constructor(message: string, retryAfterSeconds: number) {
    super(message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** What the database lacks; or, as `a thread`, this process. */
export type Lack =
  'room' | 'leave to write' | 'a server to write to' | 'a turn' | 'a sound file' | 'its file' | 'an answer' | 'a thread'

/** What is needed for it does not work now. Nobody did anything wrong, and the same may be asked again. */
export class Unavailable extends Refusal {
  readonly lack: Lack
  readonly retryAfterSeconds = 10

  constructor(message: string, lack: Lack, options: ErrorOptions) {
    super(message, null, options)
    this.lack = lack
  }
}
