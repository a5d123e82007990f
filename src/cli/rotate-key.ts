import { rotateKey } from '../domain/ledger/commands.ts'
import { type Command, exit } from './command.ts'
import { withProduct } from './product.ts'

export const command: Command = {
  help: `
candor ledger rotate-key

Makes another key for the ledger, which the present one signs: an entry of the ledger says so, and whoever knows the old
key can follow it to the new one. Prints the new public key. The private half is a file “ledger-key-…” in the data
folder: back it up, and copy it to the data folder of every other process of this page.`,
  options: {},
  positionals: [0, 0],
  async run(_given, shell) {
    const publicKey = await withProduct(shell, ({ change, ledgerKeys }) =>
      change({ kind: 'command', name: 'ledger rotate-key' }, (it) => rotateKey(it, ledgerKeys)),
    )
    shell.say(publicKey)
    return exit.done
  },
}
