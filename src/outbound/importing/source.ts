import type { Egress } from '../../lib/egress.ts'
import { readAddress } from './address.ts'
import type { Source } from './documents.ts'
import { readFolder } from './folder.ts'

/** Reads a recording from where somebody says it is: a folder, or the address of a page that is online. */
export function readSources(egress: Egress, place: string, progress: (step: string) => void): Promise<Source[]> {
  return /^https?:\/\//i.test(place) ? readAddress(egress, place, progress) : readFolder(place)
}
