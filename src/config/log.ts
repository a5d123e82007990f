import { type Setting, matching, refuse } from '../lib/settings.ts'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
type LogLevel = (typeof logLevels)[number]

/** What is written down of what happens: by the process, and in the log of the desk. */
export interface LogConfig {
  readonly logLevel: LogLevel
  readonly addressDays: number
}

/** Ninety days, because a break-in is often noticed months later. */
export const logOtherwise: LogConfig = { logLevel: 'info', addressDays: 90 }

export const logSettings: { readonly [Key in keyof LogConfig]: Setting<LogConfig[Key]> } = {
  logLevel: {
    name: 'CANDOR_LOG_LEVEL',
    otherwise: 'info',
    meaning: 'How much is logged.',
    accepts: logLevels.join(', '),
    read: (text) => logLevels.find((level) => level === text) ?? refuse(),
  },
  addressDays: {
    name: 'CANDOR_ADDRESS_DAYS',
    otherwise: '90',
    meaning: 'For how many days the log of the desk keeps from which address something was done; 0: not at all.',
    accepts: 'a whole number from 0 to 3650',
    read: (text) => Number(matching(text, /^\d{1,4}$/.test(text) && Number(text) <= 3650)),
  },
}
