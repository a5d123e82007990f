import type { ParseArgsOptionsConfig } from 'node:util'

/** What a command gets from the shell, and where it answers. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>
  /** What was asked for, on standard output. */
  say(line: string): void
  /** Everything else, on standard error: problems, progress. */
  tell(line: string): void
}

export interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly positionals: readonly string[]
}

/** One command: its own file in `src/cli/` exports it as `command`. */
export interface Command {
  /** How it is called, what it does and says, and its exit codes where they differ from the usual ones. */
  readonly help: string
  readonly options: ParseArgsOptionsConfig
  /** How many arguments without a name it takes: at least, at most. */
  readonly positionals: readonly [number, number]
  run(given: Arguments, shell: Shell): Promise<ExitCode>
}

/** 0 done · 1 failed, or something needs doing · 2 called the wrong way · 3 the configuration is refused. */
export const exit = { done: 0, failed: 1, usage: 2, configuration: 3 } as const
export type ExitCode = (typeof exit)[keyof typeof exit]

/** Wrong arguments: told without a stack, with exit code 2. */
export class UsageError extends Error {}
