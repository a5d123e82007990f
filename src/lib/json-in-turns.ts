import { shareOfTurn } from './share-of-turn.ts'

/** So many of a list are written in one piece. */
const portion = 100

/** What `JSON.stringify` says of plain data, while others pass between: lists of thousands would be one long turn. */
export async function jsonInTurns(document: object): Promise<string> {
  const turn = shareOfTurn(1)
  const members: string[] = []
  for (const [key, value] of Object.entries(document) as [string, unknown][]) {
    if (value === undefined) continue
    const portions: string[] = []
    const list: readonly unknown[] = Array.isArray(value) ? value : []
    for (let at = 0; at < list.length; at += portion) {
      const others = turn()
      if (others) await others
      portions.push(JSON.stringify(list.slice(at, at + portion)).slice(1, -1))
    }
    members.push(`${JSON.stringify(key)}:${portions.length > 0 ? `[${portions.join(',')}]` : JSON.stringify(value)}`)
  }
  return `{${members.join(',')}}`
}
