import type { Command } from './command.ts'

interface Entry {
  readonly name: string
  readonly summary: string
  /** Loaded when it is called, so that no command waits for the parts of another. */
  load(): Promise<{ readonly command: Command }>
}

/** Every command. A name may have two words. */
export const commands: readonly Entry[] = [
  { name: 'serve', summary: 'run the page, the desk and the probes (the default)', load: () => import('./serve.ts') },
  { name: 'migrate', summary: 'bring the database to this version', load: () => import('./migrate.ts') },
  {
    name: 'import statuspage',
    summary: 'take over what a page of the Statuspage API v2 says',
    load: () => import('./import-statuspage.ts'),
  },
  {
    name: 'import trust',
    summary: 'take over the instances that a page of the Trust API v1 lists',
    load: () => import('./import-trust.ts'),
  },
  { name: 'setup', summary: 'make the owner and name the page, without a browser', load: () => import('./setup.ts') },
  {
    name: 'account list',
    summary: 'everybody who has an account',
    load: async () => ({ command: (await import('./account.ts')).list }),
  },
  {
    name: 'account reset',
    summary: 'let somebody choose a new password',
    load: async () => ({ command: (await import('./account.ts')).reset }),
  },
  {
    name: 'account owner',
    summary: 'make somebody an owner',
    load: async () => ({ command: (await import('./account.ts')).owner }),
  },
  { name: 'token create', summary: 'make a token that lets a program in', load: () => import('./token.ts') },
  { name: 'place add', summary: 'add a place to check from', load: () => import('./place.ts') },
  {
    name: 'probe-agent',
    summary: 'check from this machine for a page that runs elsewhere',
    load: () => import('./probe-agent.ts'),
  },
  {
    name: 'subscribers export',
    summary: 'write everybody who is told, as a CSV file',
    load: async () => ({ command: (await import('./subscribers.ts')).exporting }),
  },
  {
    name: 'subscribers import',
    summary: 'take over a list of people who agreed elsewhere',
    load: async () => ({ command: (await import('./subscribers.ts')).importing }),
  },
  {
    name: 'hear-mail',
    summary: 'take a mail by which somebody leaves, from a mail server',
    load: () => import('./hear-mail.ts'),
  },
  { name: 'backup', summary: 'write everything to an archive, while Candor runs', load: () => import('./backup.ts') },
  { name: 'restore', summary: 'put a backup in the place of the database', load: () => import('./restore.ts') },
  { name: 'verify', summary: 'verify a ledger, of a page or in a file', load: () => import('./verify.ts') },
  { name: 'ledger rotate-key', summary: 'give the ledger another key', load: () => import('./rotate-key.ts') },
  { name: 'dkim', summary: 'make the key that signs mail, and its DNS record', load: () => import('./dkim.ts') },
  { name: 'doctor', summary: 'check this installation, and say what to do', load: () => import('./doctor.ts') },
]
