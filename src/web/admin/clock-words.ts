import type { Entry } from '../../domain/regulators/clock.ts'

/** What somebody entered about a clock. */
export const entryWords: Readonly<Record<Entry['kind'], string>> = {
  aware: 'We were aware',
  classified: 'It was classified',
  done: 'Sent',
  undone: 'Not sent after all',
  'let-go': 'Not owed after all',
  'taken-up': 'Owed after all',
}
