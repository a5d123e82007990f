import { LRUCache } from 'lru-cache'

/**
 * Of very many, whoever was not heard of for longest is forgotten first. Told the most that there may be as `max`, the cache
 * makes room for all of them before the first comes: 0.4 MB for 20 000, and a page has thirty such lists.
 */
export function recentlyKnown<Value extends {}>(most: number): LRUCache<string, Value> {
  return new LRUCache<string, Value>({ maxSize: most, sizeCalculation: () => 1 })
}
