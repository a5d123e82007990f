import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { type BackupConfig, backupOtherwise, backupProblems, backupSettings } from './config/backup.ts'
import { type DeliveryConfig, deliveryOtherwise, deliverySettings } from './config/deliveries.ts'
import { type LogConfig, logOtherwise, logSettings } from './config/log.ts'
import { type MailConfig, mailOtherwise, mailProblems, mailSettings } from './config/mail.ts'
import { type PushConfig, pushOtherwise, pushSettings } from './config/push.ts'
import { type SessionConfig, sessionOtherwise, sessionSettings } from './config/sessions.ts'
import { type SignOnConfig, signOnOtherwise, signOnProblems, signOnSettings } from './config/single-sign-on.ts'
import { type SmsConfig, smsOtherwise, smsSettings } from './config/sms.ts'
import { type TelegramConfig, telegramOtherwise, telegramSettings } from './config/telegram.ts'
import { isCanaryAddress } from './lib/canary-address.ts'
import { type BucketAddress, bucketAddress } from './lib/bucket-address.ts'
import { type Door, doorAt } from './lib/door.ts'
import { Invalid } from './lib/errors.ts'
import { nearest } from './lib/nearest.ts'
import { rangeOf } from './lib/ranges.ts'
import { type Setting, list, matching, refuse } from './lib/settings.ts'

/** How this installation is run. What the site says about itself is not here, but in the database. */
export interface Config
  extends
    SignOnConfig,
    SessionConfig,
    LogConfig,
    BackupConfig,
    MailConfig,
    PushConfig,
    SmsConfig,
    TelegramConfig,
    DeliveryConfig {
  readonly host: string
  readonly port: number
  /** `https://status.example.com`, without a slash at the end. */
  readonly url: string
  readonly databaseUrl: string
  readonly dataDir: string
  readonly trustProxy: readonly string[]
  readonly egressAllow: readonly string[]
  readonly dnsServers: readonly string[]
  readonly canaries: readonly string[]
  readonly frontDoor: boolean
  readonly workers: number
  readonly metricsListen: Door | null
  readonly mirrorDir: string | null
  readonly mirrorBucket: BucketAddress | null
  readonly chromium: string | null
}

/** Every setting there is. `npm start` needs none of them. */
const settings: { readonly [Key in keyof Config]: Setting<Config[Key]> } = {
  host: {
    name: 'CANDOR_HOST',
    otherwise: '127.0.0.1',
    meaning: 'The address to listen on. Only this machine can reach the default; 0.0.0.0 lets the network in.',
    accepts: 'an IP address or a host name',
    read: (text) => matching(text, isIP(text) > 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text)),
  },
  port: {
    name: 'CANDOR_PORT',
    otherwise: '3000',
    meaning: 'The port to listen on; 0 lets the system choose one.',
    accepts: 'a whole number from 0 to 65535',
    read: (text) => Number(matching(text, /^\d{1,5}$/.test(text) && Number(text) <= 65_535)),
  },
  url: {
    name: 'CANDOR_URL',
    otherwise: 'http://localhost:<port>',
    meaning:
      'Where readers find the page: the beginning of every absolute link. What a request says its host is never is.',
    accepts: 'http:// or https:// with a host and, if need be, a port, without path, query or password',
    read: origin,
  },
  databaseUrl: {
    name: 'CANDOR_DATABASE_URL',
    otherwise: '<data folder>/candor.db',
    meaning: 'The database: a file on a local disk (SQLite), or a PostgreSQL server.',
    accepts: 'the path of a file, or postgres://user:password@host:port/database',
    read: databaseAddress,
  },
  dataDir: {
    name: 'CANDOR_DATA_DIR',
    otherwise: './data',
    meaning: 'The folder for the database and for the secrets that Candor makes for itself.',
    accepts: 'the path of a folder',
    read: (text) => resolve(text),
  },
  trustProxy: {
    name: 'CANDOR_TRUST_PROXY',
    otherwise: 'off',
    meaning: 'The proxies in front of Candor whose word on the address of a client is believed.',
    accepts: 'off, or addresses and ranges separated by commas: 10.0.0.0/8,fd00::/8',
    read: (text) => (text === 'off' ? [] : list(text).map(rangeOf)),
  },
  egressAllow: {
    name: 'CANDOR_EGRESS_ALLOW',
    otherwise: 'none',
    meaning: 'Private addresses that probes may reach. Without it they reach public addresses only.',
    accepts: 'none, or addresses and ranges separated by commas: 10.20.0.0/16,127.0.0.1',
    read: (text) => (text === 'none' ? [] : list(text).map(rangeOf)),
  },
  dnsServers: {
    name: 'CANDOR_DNS_SERVERS',
    otherwise: "the system's",
    meaning: 'The name servers that probes ask.',
    accepts: 'IP addresses separated by commas, each with a port if need be: 9.9.9.9,[2620:fe::fe]:53',
    read: (text) => list(text).map(nameServer),
  },
  canaries: {
    name: 'CANDOR_CANARIES',
    otherwise: 'none',
    meaning:
      'Who answers as long as our own line works: asked only when something that is watched fails. Best are three of different operators. While most of them are silent, nothing counts as down.',
    accepts: 'none, or up to ten separated by commas: https://example.org,tcp://192.0.2.1:443,dns://9.9.9.9',
    read: (text) => (text === 'none' ? [] : list(text).map((one) => matching(one, isCanaryAddress(one)))),
  },
  frontDoor: {
    name: 'CANDOR_FRONT_DOOR',
    otherwise: 'on',
    meaning: 'Whether published documents are answered in front of the HTTP server, at half its cost.',
    accepts: 'on, off',
    read: (text) => matching(text, text === 'on' || text === 'off') === 'on',
  },
  workers: {
    name: 'CANDOR_WORKERS',
    otherwise: '1',
    meaning:
      'How many processes answer readers. Above 1 there is one more, which writes, renders and answers all else.',
    accepts: 'a whole number from 1 to 64; above 1 the front door must be on',
    read: (text) => Number(matching(text, /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 64)),
  },
  metricsListen: {
    name: 'CANDOR_METRICS_LISTEN',
    otherwise: 'off',
    meaning: 'A second address to listen on, for /metrics alone. It asks for no token there.',
    accepts: 'off, or an address and a port: 127.0.0.1:9464',
    read: (text) => (text === 'off' ? null : doorAt(text)),
  },
  mirrorDir: {
    name: 'CANDOR_MIRROR_DIR',
    otherwise: 'none',
    meaning: 'A folder that gets a copy of everything public as plain files, for another web server to serve.',
    accepts: 'the path of a folder',
    read: (text) => resolve(text),
  },
  mirrorBucket: {
    name: 'CANDOR_MIRROR_BUCKET',
    otherwise: 'none',
    meaning: 'A bucket of an S3-compatible store that gets the same copy. Its keys are read from AWS_ACCESS_KEY_ID, ….',
    accepts: 's3://bucket/prefix?region=eu-central-1, with &endpoint=https://… where it is not Amazon’s',
    read: bucketAddress,
  },
  chromium: {
    name: 'CANDOR_CHROMIUM',
    otherwise: 'none',
    meaning: 'A Chromium for probes that visit pages. It needs playwright-core: see docs/decisions/033.',
    accepts: 'the path of a program',
    read: (text) => resolve(text),
  },
  ...logSettings,
  ...signOnSettings,
  ...sessionSettings,
  ...backupSettings,
  ...mailSettings,
  ...deliverySettings,
  ...pushSettings,
  ...smsSettings,
  ...telegramSettings,
}

/** What is wrong with the configuration: all of it at once. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(['The configuration is refused.', ...problems.map((problem) => `  ${problem}`)].join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** Reads the settings, or throws a `ConfigError`. An empty variable counts as not set. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems = unknownNames(env)
  const read = <Key extends keyof Config>(key: Key, otherwise: Config[Key]): Config[Key] => {
    const setting = settings[key]
    const text = env[setting.name]?.trim()
    if (!text) return otherwise
    try {
      return setting.read(text)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      problems.push(
        [`${setting.name}=${shown(setting.name, text)}:`, error.message, `Accepted: ${setting.accepts}.`]
          .filter(Boolean)
          .join(' '),
      )
      return otherwise
    }
  }
  const port = read('port', 3000)
  const dataDir = read('dataDir', resolve('data'))
  const config: Config = {
    host: read('host', '127.0.0.1'),
    port,
    url: read('url', `http://localhost:${port}`),
    databaseUrl: read('databaseUrl', join(dataDir, 'candor.db')),
    dataDir,
    trustProxy: read('trustProxy', []),
    egressAllow: read('egressAllow', []),
    dnsServers: read('dnsServers', []),
    canaries: read('canaries', []),
    frontDoor: read('frontDoor', true),
    workers: read('workers', 1),
    metricsListen: read('metricsListen', null),
    mirrorDir: read('mirrorDir', null),
    mirrorBucket: read('mirrorBucket', null),
    chromium: read('chromium', null),
    ...readPart(signOnOtherwise, read),
    ...readPart(sessionOtherwise, read),
    ...readPart(logOtherwise, read),
    ...readPart(backupOtherwise, read),
    ...readPart(mailOtherwise, read),
    ...readPart(deliveryOtherwise, read),
    ...readPart(pushOtherwise, read),
    ...readPart(smsOtherwise, read),
    ...readPart(telegramOtherwise, read),
  }
  problems.push(...signOnProblems(config), ...backupProblems(config), ...mailProblems(config))
  if (config.workers > 1 && !config.frontDoor) {
    problems.push('CANDOR_WORKERS: Without the front door other processes would have nothing to answer.')
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

/** The settings in words, for `--help` and for docs/configuration.md. */
export function settingsInWords(): readonly Pick<Setting<unknown>, 'name' | 'otherwise' | 'meaning' | 'accepts'>[] {
  return Object.values(settings)
}

/** An address without the password in it, to be shown: a setting, never what a stranger sends. */
export function masked(text: string): string {
  return text.replace(/(:\/\/[^:@/\s]*:).*@/, '$1***@').replace(/([?&]password=)[^&]*/i, '$1***')
}

function shown(name: string, text: string): string {
  return /PASS|SECRET|KEY|TOKEN|SMS/i.test(name) ? '***' : masked(text)
}

/** The settings of one part, which says itself what stands there otherwise. */
function readPart<Part extends object>(
  otherwise: Part,
  read: <Key extends keyof Config>(key: Key, otherwise: Config[Key]) => Config[Key],
): Part {
  const entries = Object.entries(otherwise) as [keyof Config, Config[keyof Config]][]
  return Object.fromEntries(entries.map(([key, value]) => [key, read(key, value)])) as Part
}

function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const names = settingsInWords().map(({ name }) => name as string)
  return Object.keys(env)
    .filter((name) => name.startsWith('CANDOR_') && !names.includes(name))
    .map((name) => {
      const value = shown(name, env[name] ?? '')
      const meant = nearest(name, names, 6)
      const guess = meant ? `Did you mean ${meant}? ` : ''
      return `${name}=${value}: there is no such setting. ${guess}Accepted: ${names.join(', ')}.`
    })
}

function origin(text: string): string {
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return refuse()
  if (url.pathname !== '/' || url.search || url.hash) return refuse('The page stands at the root of its host.')
  if (url.username || url.password) return refuse()
  return url.origin
}

function databaseAddress(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === 'postgres' || scheme === 'postgresql') {
    return URL.canParse(text) ? text : refuse('This address cannot be read.')
  }
  if (scheme !== undefined && scheme.length > 1) return refuse(`There is no database of the kind ${scheme}.`)
  if (text === ':memory:') return refuse('Nothing would outlive the process.')
  return resolve(text)
}

function nameServer(text: string): string {
  const [, host = '', port = ''] = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(text) ?? []
  const withPort = isIP(host.replace(/^\[|\]$/g, '')) > 0 && Number(port) > 0 && Number(port) <= 65_535
  return matching(text, isIP(text) > 0 || withPort)
}
