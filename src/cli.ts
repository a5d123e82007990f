import { parseArgs } from 'node:util'
import packageJson from '../package.json' with { type: 'json' }
import { type ExitCode, type Shell, UsageError, exit } from './cli/command.ts'
import { commands } from './cli/commands.ts'
import { ConfigError, settingsInWords } from './config.ts'
import { Refusal } from './lib/errors.ts'
import { nearest } from './lib/nearest.ts'

/** Runs `candor …` and answers its exit code. */
export async function run(args: readonly string[], shell: Shell): Promise<ExitCode> {
  try {
    return await dispatch(args, shell)
  } catch (error) {
    if (error instanceof UsageError) {
      shell.tell(`${error.message}\nTry: candor ${helpFor(args)}`)
      return exit.usage
    }
    if (error instanceof ConfigError) {
      shell.tell(error.message)
      return exit.configuration
    }
    shell.tell(error instanceof Refusal ? error.message : (inTheWay(error) ?? `Candor failed. ${inWords(error)}`))
    return exit.failed
  }
}

async function dispatch(args: readonly string[], shell: Shell): Promise<ExitCode> {
  const [first, second] = args
  if (first === '--help' || first === '-h' || (first === 'help' && second === undefined)) return overview(shell)
  if (first === '--version' || first === 'version') {
    shell.say(packageJson.version)
    return exit.done
  }
  if (first === 'help') return dispatch([...args.slice(1), '--help'], shell)
  const named = first === undefined || first.startsWith('-') ? ['serve', ...args] : args
  const entry = entryFor(named)
  if (!entry) return family(named, shell)
  const { command } = await entry.load()
  const rest = named.slice(entry.name.split(' ').length)
  const { values, positionals } = parse(rest, command.options)
  if (values['help'] === true) {
    shell.say(command.help.trim())
    return exit.done
  }
  const [least, most] = command.positionals
  if (positionals.length < least) throw new UsageError(`candor ${entry.name} needs more arguments.`)
  if (positionals.length > most)
    throw new UsageError(`candor ${entry.name} does not know what to do with "${positionals[most]}".`)
  return command.run({ values: values as Record<string, string | boolean | undefined>, positionals }, shell)
}

function helpFor(args: readonly string[]): string {
  const entry = entryFor(args)
  return entry ? `${entry.name} --help` : '--help'
}

/** The command that the first word names, or the first two. */
function entryFor([first, second]: readonly string[]): (typeof commands)[number] | undefined {
  return commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first)
}

/** `candor account`, with or without --help: its second words. */
function family([first = '', second = '--help']: readonly string[], shell: Shell): ExitCode {
  const members = commands.filter(({ name }) => name.startsWith(`${first} `))
  if (members.length === 0) throw new UsageError(unknownCommand(first))
  if (second !== '--help' && second !== '-h') throw new UsageError(unknownCommand(`${first} ${second}`))
  shell.say(`candor ${first} <command> --help says more.\n\n${listed(members)}`)
  return exit.done
}

function parse(
  args: string[],
  options: Parameters<typeof parseArgs>[0] extends infer C
    ? NonNullable<C extends { options?: infer O } ? O : never>
    : never,
) {
  try {
    return parseArgs({
      args: withValues(args, options),
      allowPositionals: true,
      options: { ...options, help: { type: 'boolean', short: 'h' } },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** A value may begin with a dash, as every 64th key does: what follows an option that takes one is its value. */
function withValues(args: readonly string[], options: Readonly<Record<string, { readonly type: string }>>): string[] {
  const isOption = (arg: string): boolean => arg.startsWith('--') && (arg.slice(2).split('=')[0] ?? '') in options
  return args.flatMap((arg, at) => {
    const before = args[at - 1] ?? ''
    const takes = (one: string): boolean => one.startsWith('--') && options[one.slice(2)]?.type === 'string'
    if (takes(before) && !isOption(arg)) return []
    const value = args[at + 1]
    return takes(arg) && value !== undefined && !isOption(value) ? [`${arg}=${value}`] : [arg]
  })
}

function unknownCommand(name: string): string {
  const meant = nearest(
    name,
    commands.map((command) => command.name),
    4,
  )
  const guess = meant ? ` Did you mean "${meant}"?` : ''
  return `There is no command "${name}".${guess}`
}

function listed(some: typeof commands): string {
  const width = Math.max(...some.map(({ name }) => name.length))
  return some.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')
}

function overview(shell: Shell): ExitCode {
  shell.say('Candor, the status page you run yourself.\n')
  shell.say('candor [command] [options]; candor <command> --help says more.\n')
  shell.say(listed(commands))
  shell.say('\nExit codes: 0 done, 1 failed or something needs doing, 2 called the wrong way, 3 configuration refused.')
  shell.say('\nEvery setting is an environment variable, and none is needed:\n')
  for (const { name, otherwise, meaning, accepts } of settingsInWords()) {
    shell.say(`  ${name}  (otherwise: ${otherwise})\n    ${meaning}\n    Accepted: ${accepts}.`)
  }
  return exit.done
}

/** What a person meets on the first day, and can do something about. */
function inTheWay(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const { code, path, address, port }: NodeJS.ErrnoException & { address?: string; port?: number } = error
  if (code === 'ENOENT' && path !== undefined) return `There is no ${path}.`
  if (code !== 'EADDRINUSE') return null
  return `Another program listens on ${address}:${port} already. Stop it, or choose another port (candor --help: CANDOR_PORT, CANDOR_METRICS_LISTEN).`
}

/** A bug is told with its stack, a refusal of the system (no such file, no right to write) without. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const fromSystem = 'code' in error || error.cause !== undefined
  return fromSystem ? error.message : (error.stack ?? error.message)
}
