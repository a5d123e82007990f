import type { Deps } from '../deps.ts'
import { changeRole, enableAccount } from '../domain/accounts/commands.ts'
import { offerReset } from '../domain/accounts/resets.ts'
import { accounts, credentials } from '../domain/accounts/queries.ts'
import { type Command, UsageError, exit } from './command.ts'
import { withProduct } from './product.ts'

export const list: Command = {
  help: `
candor account list

Everybody who has an account: address, role, and whether it is disabled.`,
  options: {},
  positionals: [0, 0],
  run: (_given, shell) =>
    withProduct(shell, async ({ db }) => {
      for (const { email, role, disabledAt } of await accounts(db)) {
        shell.say(`${email}  ${role}${disabledAt ? ', disabled' : ''}`)
      }
      return exit.done
    }),
}

export const reset: Command = {
  help: `
candor account reset <e-mail> [--factors]

Prints a link, good once and for half an hour, with which this person chooses a new password. With --factors it also
removes their second factors: for whoever lost the device and the recovery codes. Where CANDOR_OIDC_ONLY is on this is
for owners, and the way in when the provider is down.`,
  options: { factors: { type: 'boolean' } },
  positionals: [1, 1],
  run: ({ values, positionals }, shell) =>
    withProduct(shell, async ({ db, change, config }) => {
      const id = await idOf(db, positionals[0])
      const factors = values['factors'] === true ? 'removed' : 'kept'
      const { secret, account } = await change({ kind: 'command', name: 'account reset' }, (it) =>
        offerReset(it, id, { factors, config }),
      )
      shell.tell(`${account.name} chooses a new password here, within 30 minutes:`)
      shell.say(`${config.url}/admin/reset?secret=${secret}`)
      return exit.done
    }),
}

export const owner: Command = {
  help: `
candor account owner <e-mail>

Makes this person an owner, and enables the account if it is disabled: for a page whose owners are gone.`,
  options: {},
  positionals: [1, 1],
  run: ({ positionals }, shell) =>
    withProduct(shell, async ({ db, change }) => {
      const id = await idOf(db, positionals[0])
      await change({ kind: 'command', name: 'account owner' }, async (it) => {
        await enableAccount(it, id)
        await changeRole(it, id, { role: 'owner' })
      })
      shell.say(`${positionals[0]} is an owner now, and signs in at once or after candor account reset.`)
      return exit.done
    }),
}

async function idOf(db: Deps['db'], email: string | undefined): Promise<string> {
  if (email === undefined) throw new UsageError('Whose account? Say the e-mail address.')
  const known = await credentials(db, { email: email.trim().toLowerCase() })
  if (!known) throw new UsageError(`Nobody on the team has the address ${email}: see candor account list.`)
  return known.account.id
}
