/**
 * For work that never has to wait: null while it has not had its share of this turn of the event loop, else when the next
 * one comes, so that others pass between. A turn counts from the first time it is asked in it.
 */
export function shareOfTurn(milliseconds: number): () => Promise<void> | null {
  let began: number | null = null
  const forget = (): void => void (began = null)
  return () => {
    if (began === null) {
      began = performance.now()
      setImmediate(forget)
      return null
    }
    return performance.now() - began < milliseconds ? null : new Promise((resolve) => setImmediate(resolve))
  }
}
