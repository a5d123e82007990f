import { addPlace } from '../domain/places/commands.ts'
import { trustPlace } from '../domain/places/trusting.ts'
import { type Command, UsageError, exit } from './command.ts'
import { withProduct } from './product.ts'

export const command: Command = {
  help: `
candor place add --name <where it is> [--trusted]

Adds a place to check from, and prints its token on standard output, this once. Start the agent there with
candor probe-agent --server <address of the page> --token <token>. The desk (Places) shows what is heard from it.
With --trusted it is told the secrets of the probes that it checks; without, it checks those that have none.`,
  options: { name: { type: 'string' }, trusted: { type: 'boolean' } },
  positionals: [0, 0],
  async run({ values }, shell) {
    const { name } = values
    if (typeof name !== 'string') throw new UsageError('candor place add needs --name.')
    const { token } = await withProduct(shell, ({ change }) =>
      change({ kind: 'command', name: 'place add' }, async (it) => {
        const added = await addPlace(it, { name })
        if (values['trusted'] === true) await trustPlace(it, added.number)
        return added
      }),
    )
    shell.say(token)
    return exit.done
  },
}
