/** Lets requests in between: what goes through thousands of rows of a database in this process never waits by itself. */
export function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
