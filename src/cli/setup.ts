import { createFirstOwner } from '../domain/accounts/first-run.ts'
import { setUpSite } from '../domain/site/commands.ts'
import { readSite } from '../domain/site/queries.ts'
import { randomIds } from '../lib/ids.ts'
import { type Command, UsageError, exit } from './command.ts'
import { withProduct } from './product.ts'

export const command: Command = {
  help: `
candor setup --email <address> --site <name> [--name <your name>] [--zone <zone>] [--locale <language>] [--password-stdin]

The first run without a browser: makes the owner and names the page. With --password-stdin the password is the first line
of standard input; otherwise one is made up and printed, once. Zone: as Europe/Lisbon; otherwise that of an imported page,
or UTC. Language: en, fr, pt-BR, fa or zh-Hant. Fails, and changes nothing, when the page has an owner already.`,
  options: {
    email: { type: 'string' },
    site: { type: 'string' },
    name: { type: 'string' },
    zone: { type: 'string' },
    locale: { type: 'string' },
    'password-stdin': { type: 'boolean' },
  },
  positionals: [0, 0],
  async run({ values }, shell) {
    const email = required(values['email'], '--email')
    const site = required(values['site'], '--site')
    const name = typeof values['name'] === 'string' ? values['name'] : (email.split('@')[0] ?? email)
    const zone = typeof values['zone'] === 'string' ? values['zone'] : null
    const locale = typeof values['locale'] === 'string' ? values['locale'] : null
    const given = values['password-stdin'] === true ? await firstLine(process.stdin) : null
    const password = given ?? randomIds.secret().slice(0, 24)

    await withProduct(shell, async (deps) => {
      const actor = { kind: 'command', name: 'setup' } as const
      await createFirstOwner({ ...deps, site }, { name, email }, password, actor, async (it) => {
        const before = await readSite(it.tx)
        if (before.setUpAt !== null) return
        await setUpSite(it, { name: site, zone: zone ?? before.zone, locale: locale ?? before.locale })
      })
      shell.say(`${site} is set up. Sign in as ${email} at ${deps.config.url}/admin`)
    })
    if (given === null) shell.say(`Password, shown this once: ${password}`)
    return exit.done
  },
}

function required(value: string | boolean | undefined, option: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw new UsageError(`candor setup needs ${option}.`)
  return value
}

/** Without its line break; spaces at its ends are part of a password. */
async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of input) {
    text += chunk.toString()
    if (text.includes('\n') || text.length > 10_000) break
  }
  return text.split(/\r?\n/)[0] ?? ''
}
