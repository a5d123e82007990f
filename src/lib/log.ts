import { type Logger, destination, pino, stdTimeFunctions } from 'pino'

/**
 * Logs are JSON on standard error, one line each, for machines. Standard output belongs to people: the address and the
 * set-up link stand there alone.
 */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ['req.headers.authorization', 'req.headers.cookie', 'headers.authorization', 'headers.cookie'],
    },
    destination({ fd: 2, sync: true }),
  )
}
