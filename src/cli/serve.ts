import { readConfig } from '../config.ts'
import { serve } from '../main.ts'
import { type Command, exit } from './command.ts'

export const command: Command = {
  help: `
candor serve

Runs the public page, the desk and the probes until SIGTERM or SIGINT. Prints the address when it answers and, until
there is an owner, the link to set the page up. Logs are JSON on standard error. Settings: candor --help.`,
  options: {},
  positionals: [0, 0],
  async run(_given, shell) {
    await serve(readConfig(shell.env), (line) => shell.say(line))
    return exit.done
  },
}
