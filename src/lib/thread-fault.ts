/** Whether a thread was ended because it filled the memory that it may have. */
export function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
}

/** What befell a thread, in the words of `/readyz` and of the desk. */
export function againAndAgain(what: string, times: number): string {
  return times > 1
    ? `${what}, ${times} times in a row: it is started again after a while`
    : `${what}, and is started again`
}
