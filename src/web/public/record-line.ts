import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader, Words } from '../../domain/site/reader.ts'

/** The record in a line or two: how soon, and how reliably. */
export function recordLines({ record }: Pick<Snapshot, 'record'>, reader: Reader): Words[] {
  const { told, promises } = record
  const lines: Words[] = []
  if (told !== null) {
    const delay = reader.dates.duration(told)
    lines.push(told < 1 ? [reader.say('record.toldLineAtOnce')] : reader.phrase('record.toldLine', { delay }))
  }
  if (promises.made > 0) lines.push(reader.phrase('record.keptLine', { ...promises }))
  return lines.length > 0 ? lines : [[reader.say('record.emptyLine')]]
}
