import { Secret, TOTP } from 'otpauth'
import { type Clock, millisecondsOf } from '../src/lib/clock.ts'
import type { Person } from './people.ts'

/** An app on a phone, which was given a seed and knows the time. */
export function codeApp(seed: string, clock: Clock): { code(secondsLater?: number): string } {
  const totp = new TOTP({ secret: Secret.fromBase32(seed.replaceAll(' ', '')) })
  return { code: (later = 0) => totp.generate({ timestamp: millisecondsOf(clock.now()) + later * 1000 }) }
}

/** Somebody sets up an app over the desk; answers it, and the recovery codes that came with it. */
export async function setsUpApp(person: Person, clock: Clock) {
  await person.sends('/admin/me/security/app', {}, '/admin/me/security')
  const page = await person.opens('/admin/me/security/app')
  const seed = /class="seed">([A-Z2-7 ]+)</.exec(page.text)?.[1] ?? ''
  const app = codeApp(seed, clock)
  const confirmed = await person.sends('/admin/me/security/app/confirm', { code: app.code() })
  const shown = await person.opens('/admin/me/security/codes')
  const codes = [...shown.text.matchAll(/<li><code>([^<]+)</g)].map(([, code]) => code ?? '')
  return { app, seed, page, confirmed, codes }
}
