import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Real answers of real services. They belong to their authors, so they lie beside the repository, not in it. */
const folder = fileURLToPath(new URL('../../shared/fixtures/statuspage/', import.meta.url))

/** Tests that need the recordings are skipped where these are absent. */
export const hasRecordings = existsSync(folder)
export const whyNot = 'the recordings (../shared/fixtures) are not here'

export function recordingPath(name: string): string {
  return `${folder}${name}`
}

export function recorded(name: string): unknown {
  return JSON.parse(readFileSync(recordingPath(name), 'utf8')) as unknown
}
