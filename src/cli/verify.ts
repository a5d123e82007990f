import { type Command, type ExitCode, exit } from './command.ts'

/** The program that readers download: it knows nothing of this product, and needs nothing but Node. */
const program = new URL('../../views/ledger/verify.js', import.meta.url)

interface Program {
  run(args: readonly string[], say: (line: string) => void): Promise<ExitCode>
}

export const command: Command = {
  help: `
candor verify <address of a page, or file> [--head <address or file>] [--key <key>]

Verifies a ledger, without trusting who serves it, and names the first entry that does not fit. The head of an address
is fetched too; --head names another one, such as a copy that you kept. --key is the page's key, noted earlier: without
it you trust the one that the ledger names. The same program stands at /ledger/verify.js of each page, and runs with
Node alone.
Exit codes: 0 it fits, 1 it does not fit, 2 it could not be read.`,
  options: { head: { type: 'string' }, key: { type: 'string' } },
  positionals: [1, 1],
  async run({ values, positionals }, shell) {
    const { run } = (await import(program.href)) as Program
    const named = ['head', 'key'].flatMap((name) => {
      const value = values[name]
      return typeof value === 'string' ? [`--${name}=${value}`] : []
    })
    const code = await run([...named, ...positionals], (line) => shell.say(line))
    return Object.values(exit).find((one) => one === code) ?? exit.failed
  },
}
