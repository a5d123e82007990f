import { readDuration } from '../lib/durations.ts'
import { type Setting, refuse } from '../lib/settings.ts'

/** How long somebody stays signed in, in seconds. */
export interface SessionConfig {
  readonly sessionIdle: number
  readonly sessionLength: number
}

/** An operator who looked in the evening is still signed in at 3 a.m.; a forgotten browser is not, a week later. */
export const sessionOtherwise: SessionConfig = { sessionIdle: 12 * 3600, sessionLength: 7 * 24 * 3600 }

export const sessionSettings: { readonly [Key in keyof SessionConfig]: Setting<SessionConfig[Key]> } = {
  sessionIdle: {
    name: 'CANDOR_SESSION_IDLE',
    otherwise: '12h',
    meaning: 'How long somebody stays signed in at the desk who does nothing there.',
    accepts: 'from 5m to 30d',
    read: (text) => between(text, 5 * 60, 30 * 24 * 3600),
  },
  sessionLength: {
    name: 'CANDOR_SESSION_LENGTH',
    otherwise: '7d',
    meaning: 'After how long everybody has to sign in again, whatever they do.',
    accepts: 'from 15m to 90d',
    read: (text) => between(text, 15 * 60, 90 * 24 * 3600),
  },
}

function between(text: string, least: number, most: number): number {
  const seconds = readDuration(text)
  return seconds !== null && seconds >= least && seconds <= most ? seconds : refuse()
}
