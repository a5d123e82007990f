import { resolve } from 'node:path'
import { type BucketAddress, bucketAddress } from '../lib/bucket-address.ts'
import { readCron } from '../lib/cron-times.ts'
import { type Keeping, readKeeping } from '../lib/keeping.ts'
import { type Setting, list, matching, refuse } from '../lib/settings.ts'

/** Where backups go by themselves, when, how long they are kept, and who can read them. */
export interface BackupConfig {
  readonly backupTo: BackupTarget | null
  /** Five fields of cron, in the zone of the site. */
  readonly backupAt: string
  readonly backupKeep: Keeping
  readonly backupRecipients: readonly string[]
  readonly backupPassphrase: string | null
}

/** The path of a folder, or a bucket. */
export type BackupTarget = string | BucketAddress

export const backupOtherwise: BackupConfig = {
  backupTo: null,
  backupAt: '17 3 * * *',
  backupKeep: { daily: 7, weekly: 4, monthly: 12 },
  backupRecipients: [],
  backupPassphrase: null,
}

export const backupSettings: { readonly [Key in keyof BackupConfig]: Setting<BackupConfig[Key]> } = {
  backupTo: {
    name: 'CANDOR_BACKUP_TO',
    otherwise: 'none',
    meaning:
      'Where backups are written by themselves: best not on this machine. What stands in the environment for the bucket of the mirror holds for this one.',
    accepts: 'the path of a folder, or s3://bucket/prefix?region=eu-central-1, with &endpoint=https://…',
    read: backupTarget,
  },
  backupAt: {
    name: 'CANDOR_BACKUP_AT',
    otherwise: '03:17',
    meaning: 'When, by the clock of the site’s time zone. One that was missed is made up for at the next start.',
    accepts: 'a time of day, or five fields as cron has them: 17 */6 * * *',
    read: dailyOrCron,
  },
  backupKeep: {
    name: 'CANDOR_BACKUP_KEEP',
    otherwise: '7 daily, 4 weekly, 12 monthly',
    meaning: 'How many of them stay. Older ones are removed after a backup that succeeded, the newest never.',
    accepts: 'how many are daily, weekly and monthly, separated by commas',
    read: (text) => readKeeping(text) ?? refuse(),
  },
  backupRecipients: {
    name: 'CANDOR_BACKUP_RECIPIENTS',
    otherwise: 'none',
    meaning:
      'The public keys of age for which backups are encrypted. Their private halves (age-keygen) need not be on this machine, and should not.',
    accepts: 'age1…, several separated by commas',
    read: (text) => list(text).map((one) => matching(one, /^age1[a-z0-9]+$/.test(one))),
  },
  backupPassphrase: {
    name: 'CANDOR_BACKUP_PASSPHRASE',
    otherwise: 'none',
    meaning:
      'The passphrase that backups are encrypted with instead. It opens them, too: candor restore takes it from here.',
    accepts: 'a passphrase; four random words are enough',
    read: (text) => text,
  },
}

/** What does not go together. */
export function backupProblems({ backupRecipients, backupPassphrase }: BackupConfig): string[] {
  if (backupPassphrase === null || backupRecipients.length === 0) return []
  return ['CANDOR_BACKUP_RECIPIENTS and CANDOR_BACKUP_PASSPHRASE are both set: age allows one of them.']
}

export function backupTarget(text: string): BackupTarget {
  return text.startsWith('s3:') ? bucketAddress(text) : resolve(text)
}

function dailyOrCron(text: string): string {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  const cron = hours === undefined ? text : `${Number(minutes)} ${Number(hours)} * * *`
  const times = readCron(cron)
  return 'fault' in times ? refuse(times.fault) : cron
}
