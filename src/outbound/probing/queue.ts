/** First in, first out, whatever its length. */
export class Queue<T> {
  #items: T[] = []
  #taken = 0

  get size(): number {
    return this.#items.length - this.#taken
  }

  put(item: T): void {
    this.#items.push(item)
  }

  take(): T | undefined {
    if (this.size === 0) return undefined
    const item = this.#items[this.#taken]
    this.#taken += 1
    // What was taken goes in one piece, once it is half of it.
    if (this.#taken * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#taken)
      this.#taken = 0
    }
    return item
  }

  takeAll(): T[] {
    const all = this.#items.slice(this.#taken)
    this.#items = []
    this.#taken = 0
    return all
  }
}
