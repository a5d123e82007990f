/** A file of the mirror, as a web server or an object store needs it. */
export interface Item {
  readonly body: Buffer
  readonly contentType: string
  readonly cacheControl: string
  readonly contentEncoding: 'br' | 'gzip' | null
}

/** Where a mirror stands: a folder, or a bucket. Names are paths without a slash at their beginning. */
export interface Place {
  /** What to call it in a log. */
  readonly name: string
  /** What was written while this was another may be lost, though its name stands; null: what is written stays. */
  readonly era: string | null
  /** Null where there is no such file. */
  read(file: string): Promise<Buffer | null>
  /** Whoever reads meanwhile gets the old file or the new one, whole. */
  write(file: string, item: Item): Promise<void>
  remove(file: string): Promise<void>
}
