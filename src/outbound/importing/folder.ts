import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Invalid } from '../../lib/errors.ts'
import type { Source } from './documents.ts'

/** The documents that a recording may consist of, and what a plain list in each of them is a list of. */
export const recordedDocuments: readonly { readonly path: string; readonly holds: Source['holds'] }[] = [
  { path: 'summary.json', holds: 'everything' },
  { path: 'components.json', holds: 'components' },
  { path: 'incidents.json', holds: 'incidents' },
  { path: 'incidents/unresolved.json', holds: 'incidents' },
  { path: 'unresolved.json', holds: 'incidents' },
  { path: 'scheduled-maintenances.json', holds: 'scheduled_maintenances' },
  { path: 'scheduled-maintenances/upcoming.json', holds: 'scheduled_maintenances' },
  { path: 'scheduled-maintenances/active.json', holds: 'scheduled_maintenances' },
  { path: 'upcoming.json', holds: 'scheduled_maintenances' },
  { path: 'active.json', holds: 'scheduled_maintenances' },
]

const largest = 256 * 1024 * 1024

/** Reads what is there of a recording in a folder. */
export async function readFolder(folder: string): Promise<Source[]> {
  const found = await stat(folder).catch(() => null)
  if (!found) throw new Invalid(`There is no folder ${folder}.`)
  if (!found.isDirectory())
    throw new Invalid(`${folder} is not a folder. Name the folder that the recorded documents lie in.`)
  const sources: Source[] = []
  for (const { path, holds } of recordedDocuments) {
    const file = join(folder, path)
    const size = (await stat(file).catch(() => null))?.size
    if (size === undefined) continue
    if (size > largest) throw new Invalid(`${path} is larger than 256 MiB.`, path)
    sources.push({ name: path, holds, bytes: await readFile(file) })
  }
  if (sources.length > 0) return sources
  const others = (await readdir(folder)).toSorted().slice(0, 5).join(', ')
  const known = recordedDocuments.map(({ path }) => path).join(', ')
  throw new Invalid(`There is no recording in ${folder}${others ? ` (it holds ${others})` : ''}. Looked for: ${known}.`)
}
