/** What went wrong, and where: without the words of it, which may repeat what must not stand in a log. */
export interface Fault {
  readonly kind: string
  /** The nearest first, as the engine names them. */
  readonly at: readonly string[]
}

/** More say nothing more. */
const most = 8

export function withoutWords(error: unknown): Fault {
  if (!(error instanceof Error)) return { kind: typeof error, at: [] }
  const lines = (error.stack ?? '').replace(error.message, '').split('\n')
  const at = lines.filter((line) => /^ +at \S/.test(line)).slice(0, most)
  return { kind: error.name, at: at.map((line) => line.trim()) }
}
