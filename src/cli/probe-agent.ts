import { readFileSync } from 'node:fs'
import packageJson from '../../package.json' with { type: 'json' }
import { readConfig } from '../config.ts'
import { wallClock } from '../lib/clock.ts'
import { createLog } from '../lib/log.ts'
import { startAgent } from '../outbound/probing/agent.ts'
import { readToken } from '../outbound/probing/place-wire.ts'
import { type Command, UsageError, exit } from './command.ts'

export const command: Command = {
  help: `
candor probe-agent --server <address of the page> --token <token> | --token-file <file>

Checks from this machine for a page that runs elsewhere, until it is stopped. The token comes from the desk (Places) or
from candor place add. A file keeps it out of the list of processes; - reads it from standard input.
Nothing is stored here and no port is opened. It learns what to check from the server and reports what it found; while it
is cut off it goes on checking, and keeps about 60 000 results.
What it may reach is said on this machine: CANDOR_EGRESS_ALLOW, CANDOR_DNS_SERVERS, CANDOR_CANARIES, CANDOR_LOG_LEVEL.

Exit codes: 0 stopped, 1 the server refuses this place.`,
  options: { server: { type: 'string' }, token: { type: 'string' }, 'token-file': { type: 'string' } },
  positionals: [0, 0],
  async run({ values }, shell) {
    const server = readServer(values['server'])
    const { number, key } = tokenOf(values['token'], values['token-file'])
    const config = readConfig(shell.env)
    const log = createLog(config.logLevel)
    const agent = startAgent({ server, number, key, version: packageJson.version, config, clock: wallClock, log })
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void agent.stop())
    shell.tell(`Checking for ${server.origin} as place ${number}.`)
    try {
      await agent.ended
      return exit.done
    } catch (error) {
      shell.tell(`${server.origin} refuses this place. ${error instanceof Error ? error.message : String(error)}`)
      return exit.failed
    }
  },
}

/** Only where nobody listens on the way: what is to be checked can hold secrets. */
function readServer(text: string | boolean | undefined): URL {
  const url = typeof text === 'string' ? URL.parse(text) : null
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new UsageError('candor probe-agent needs --server, such as https://status.example.com.')
  if (url.username || url.password || url.pathname !== '/' || url.search)
    throw new UsageError('--server is where the page stands, without path, query or password.')
  if (url.protocol === 'http:' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname))
    throw new UsageError('--server must begin with https://: what is to be checked can hold secrets.')
  return url
}

function tokenOf(given: string | boolean | undefined, file: string | boolean | undefined) {
  const text = typeof file === 'string' ? readFileSync(file === '-' ? 0 : file, 'utf8') : given
  if (typeof text !== 'string') throw new UsageError('candor probe-agent needs --token or --token-file.')
  const token = readToken(text)
  if (!token) throw new UsageError('This is not the token of a place: those begin with candor_place_.')
  return token
}
