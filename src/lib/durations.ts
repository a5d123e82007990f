const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 }
const part = /\s*(\d{1,9})\s*(min|[smhd])(?![a-z])/iy

/** Reads `90s`, `15m`, `1h 30m` or `2d` as seconds, or answers null. A number alone is seconds. */
export function readDuration(text: string): number | null {
  if (/^\d{1,9}$/.test(text.trim())) return Number(text)
  let total = 0
  part.lastIndex = 0
  for (let at = 0; at < text.trimEnd().length; at = part.lastIndex) {
    const [, count, unit] = part.exec(text) ?? []
    if (count === undefined || unit === undefined) return null
    total += Number(count) * (seconds[unit.toLowerCase()] ?? 0)
  }
  return text.trim() === '' ? null : total
}

/** The same as it is written: `1h 30m`. */
export function writeDuration(total: number): string {
  let rest = total
  const parts = (['d', 'h', 'm', 's'] as const).flatMap((unit) => {
    const size = seconds[unit] ?? 1
    const count = Math.floor(rest / size)
    rest -= count * size
    return count === 0 ? [] : [`${count}${unit}`]
  })
  return parts.join(' ') || '0s'
}
