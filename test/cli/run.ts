import { run } from '../../src/cli.ts'

/** What a call of `candor` said, on which stream, and its exit code. */
export async function candor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const said: string[] = []
  const told: string[] = []
  const code = await run(args, { env, say: (line) => said.push(line), tell: (line) => told.push(line) })
  return { code, said: said.join('\n'), told: told.join('\n') }
}
