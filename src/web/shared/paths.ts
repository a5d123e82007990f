/** The parameters of a route, decoded. */
export type Params = Readonly<Record<string, string>>

/** `:id`, or one that is one of these words: `:locale(fa|fr)`. */
const parameter = /:(\w+)(?:\([^()]*\))?/g

/** The one address of a thing: what was typed may be written in many ways, and they all mean this. */
export function pathOf(pattern: string, params: Params): string {
  return pattern.replaceAll(parameter, (_, name: string) => encodeURIComponent(params[name] ?? ''))
}

/** The parameters that a concrete path gives to its pattern. */
export function paramsOf(pattern: string, path: string): Params {
  const names = [...pattern.matchAll(parameter)].map(([, name = '']) => name)
  const parts = pattern.split(parameter).filter((_, index) => index % 2 === 0)
  const values = new RegExp(`^${parts.map((part) => RegExp.escape(part)).join('([^/]+)')}$`).exec(path)?.slice(1)
  if (!values) throw new Error(`${path} is not written like ${pattern}.`)
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]))
}
