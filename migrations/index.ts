import type { Migration } from '../src/database/database.ts'
import { beginning } from './0001-beginning.ts'
import { disclosureInFull } from './0002-disclosure-in-full.ts'
import { probesInFull } from './0003-probes-in-full.ts'
import { accessAndSafety } from './0004-access-and-safety.ts'
import { everyoneHears } from './0005-everyone-hears.ts'
import { lateHoursAndSecrets } from './0006-late-hours-and-secrets.ts'
import { reasonsInEachLanguage } from './0007-reasons-in-each-language.ts'

/** In order; a position is a version. Never edited once released, never reordered. */
export const migrations: readonly Migration[] = [
  beginning,
  disclosureInFull,
  probesInFull,
  accessAndSafety,
  everyoneHears,
  lateHoursAndSecrets,
  reasonsInEachLanguage,
]
