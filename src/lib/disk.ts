import { statfs } from 'node:fs/promises'

export interface DiskRoom {
  readonly freeBytes: number
  /** From 0 to 1. */
  readonly freeShare: number
  /** Null, or how little is left. */
  readonly problem: string | null
}

const smallestShare = 0.05
/** On a large disk five percent is plenty. */
const plenty = 2 * 1024 ** 3

/** How much room there is for whoever is not root, on the disk of this folder. */
export async function diskRoom(folder: string): Promise<DiskRoom> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return roomOf({ freeBytes: bavail * bsize, totalBytes: blocks * bsize })
}

export function roomOf({ freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }): DiskRoom {
  const freeShare = totalBytes === 0 ? 1 : freeBytes / totalBytes
  const low = freeShare < smallestShare && freeBytes < plenty
  const problem = low
    ? `only ${Math.round(freeBytes / 1024 ** 2)} MB (${(freeShare * 100).toFixed(1)} %) are free`
    : null
  return { freeBytes, freeShare, problem }
}
