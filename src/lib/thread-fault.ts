/** Whether a thread was ended because it filled the memory that it may have. */
export function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
}

/** What befell a thread, in the words of `/readyz` and of the desk, and what follows: `next` is true for as long as it is said. */
export function againAndAgain(what: string, times: number, next: string): string {
  return `${what}${times > 1 ? `, ${times} times in a row` : ''}; ${next}`
}
