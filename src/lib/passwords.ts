import type { Options } from '@node-rs/argon2'
import { TooMany } from './errors.ts'
import { type Hashers, doHashing } from './hashing.ts'

/** argon2id with the least that OWASP accepts, 19 MiB, so that a small machine can sign two people in at once. */
const atPresent: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** More at once would let anybody with a password form take the machine's memory and cores. */
const atOnce = 2
const mayWait = 20

/** Hashes and checks passwords, off the event loop, a few at a time; above that it refuses. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Also for a null hash, in the same time: an unknown person must not be told from a wrong password. */
  isRight(passwordHash: string | null, password: string): Promise<boolean>
  /** So many wait that the next is refused. Who asks first is spared what comes before the hash. */
  isFull(): boolean
  /** Made with weaker parameters than today's: time to hash it again. */
  isOutdated(passwordHash: string): boolean
}

export function passwords(parameters: Options = atPresent, ask: Hashers['hash'] = doHashing): Passwords {
  const turn = turnstile()
  const hash = async (password: string): Promise<string> => String(await ask({ password, options: parameters }))
  let nobody: Promise<string> | null = null
  const nobodysHash = (): Promise<string> =>
    (nobody ??= hash('nobody has this password').catch((error: unknown) => {
      nobody = null
      throw error
    }))

  return {
    hash: (password) => turn(() => hash(password)),
    isRight: (passwordHash, password) =>
      turn(async () => {
        // Made for whoever comes first, known or not.
        const otherwise = await nobodysHash()
        const right = await ask({ password, hash: passwordHash ?? otherwise })
        return right === true && passwordHash !== null
      }),
    isFull: turn.isFull,
    isOutdated: (passwordHash) => !passwordHash.startsWith(prefixOf(parameters)),
  }
}

function prefixOf(parameters: Options): string {
  return `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`
}

/** Lets `atOnce` through, has `mayWait` wait in order, and refuses the rest. */
function turnstile(): { <T>(work: () => Promise<T>): Promise<T>; isFull(): boolean } {
  let inside = 0
  const waiting: (() => void)[] = []
  const isFull = (): boolean => inside >= atOnce && waiting.length >= mayWait
  const pass = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isFull()) throw tooManyAtOnce()
    if (inside >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else inside += 1
    try {
      return await work()
    } finally {
      // Whoever waits takes over the place, so the count stays.
      const next = waiting.shift()
      if (next) next()
      else inside -= 1
    }
  }
  return Object.assign(pass, { isFull })
}

export function tooManyAtOnce(): TooMany {
  return new TooMany('Too many people are signing in at once. Try again in a moment.', 5)
}
