import { readFileSync } from 'node:fs'

/**
 * The modules that one begins with, as one script for one request: each after those that it imports, without their imports,
 * exports, comments and indents. They share one scope, so that no two may use a name at its top.
 */
export function joinedScript(entry: URL): string {
  const bodies = new Map<string, string>()
  const visit = (file: URL): void => {
    if (bodies.has(file.href)) return
    bodies.set(file.href, '')
    const source = readFileSync(file, 'utf8')
    for (const [, path = ''] of source.matchAll(/^import .* from '(.+)'$/gm)) visit(new URL(path, file))
    bodies.delete(file.href)
    bodies.set(file.href, source.replaceAll(/^(?:import .*| *\/\/.*|)\n|^export |^ +/gm, ''))
  }
  visit(entry)
  return `'use strict'\n{\n${[...bodies.values()].join('')}}\n`
}
