import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader } from '../../domain/site/reader.ts'
import { type Frame, frameOf } from './frame.ts'

export interface MissingModel {
  readonly frame: Frame
}

/** A page that is none of ours, or, before the site is set up, every page. */
export function missingModel(snapshot: Snapshot, reader: Reader, url: string): MissingModel {
  return bare(snapshot, reader, url, reader.say('missing.title'), reader.say('missing.text'))
}

export function emptyModel(snapshot: Snapshot, reader: Reader, url: string): MissingModel {
  return bare(snapshot, reader, url, reader.say('empty.title'), reader.say('empty.text'))
}

function bare(snapshot: Snapshot, reader: Reader, url: string, title: string, description: string): MissingModel {
  return { frame: frameOf({ snapshot, reader, url, path: null, title, description }) }
}
