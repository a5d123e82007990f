import { type Passwords, passwords } from '../src/lib/passwords.ts'

/** Weak on purpose: a test that hashes well learns nothing more, and each hash is forty milliseconds of work. */
export function quickPasswords(): Passwords {
  return passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 })
}
