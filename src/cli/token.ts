import { scopes } from '../domain/accounts/account.ts'
import { createToken } from '../domain/accounts/tokens.ts'
import { type Command, UsageError, exit } from './command.ts'
import { withProduct } from './product.ts'

export const command: Command = {
  help: `
candor token create --name <what it is for> --scope <${scopes.join('|')}> [--days <days>]

Makes a token that lets a program in, and prints it on standard output, this once: only its hash is kept. metrics: reads
/metrics, and nothing else. measure: sends values of metrics, and nothing else. read: reads everything. disclose: also
posts incidents, maintenances and notices. manage: also arranges systems and probes. It ends after a year, or after the
days you say, at most 3660. Send it in a header, never in an address: Authorization: Bearer <token>.`,
  options: { name: { type: 'string' }, scope: { type: 'string' }, days: { type: 'string' } },
  positionals: [0, 0],
  async run({ values }, shell) {
    const { name, scope, days } = values
    if (typeof name !== 'string') throw new UsageError('candor token create needs --name.')
    if (typeof scope !== 'string') throw new UsageError(`candor token create needs --scope: ${scopes.join(', ')}.`)
    const wish = { name, scope, expiresInDays: typeof days === 'string' ? days : undefined }
    const { secret } = await withProduct(shell, ({ change }) =>
      change({ kind: 'command', name: 'token create' }, (it) => createToken(it, wish)),
    )
    shell.say(secret)
    return exit.done
  },
}
