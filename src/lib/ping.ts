import { execFile } from 'node:child_process'
import { NetworkError, abortFault } from './connection.ts'

/**
 * What the system's own `ping` says. Node has no ICMP, and a native module would be code of strangers with more rights
 * than this needs. It is started without a shell, with an address that was judged, and never with a name.
 */
export interface Pinged {
  readonly sent: number
  readonly heard: number
  /** Milliseconds there and back, on average; null: nothing came back. */
  readonly rtt: number | null
  /** Somebody on the way said that there is no way. */
  readonly unreachable: 'yes' | 'no'
}

/** Why it could not be asked: there is none, it may not, or there is no way from here. */
export interface NoPing {
  readonly failure: 'missing' | 'forbidden' | 'no_route' | 'unreadable'
}

export interface PingWishes {
  readonly address: string
  readonly count: number
  /** It is told to sum up then. */
  readonly withinMs: number
  readonly signal: AbortSignal
}

export function ping({ address, count, withinMs, signal }: PingWishes): Promise<Pinged | NoPing> {
  const [program, ...options] = commandFor(address.includes(':') ? 6 : 4)
  const path = process.env['PATH'] ?? '/usr/bin:/bin'
  return new Promise((resolve, reject) => {
    const running = execFile(
      program as string,
      [...options, '-n', '-c', String(count), address],
      { env: { PATH: `${path}:/usr/sbin:/sbin`, LC_ALL: 'C' }, maxBuffer: 64 * 1024, signal, killSignal: 'SIGKILL' },
      (error, said, complained) => {
        clearTimeout(timer)
        if (signal.aborted) return reject(new NetworkError(abortFault(signal), signal.reason))
        if (error?.code === 'ENOENT') return resolve({ failure: 'missing' })
        resolve(readPing(said) ?? failureOf(`${said}${complained}`))
      },
    )
    // Every ping sums up what it knows when it is interrupted.
    const timer = setTimeout(() => running.kill('SIGINT'), withinMs)
  })
}

/** iputils and busybox take the family as an option; elsewhere there are two programs. */
function commandFor(family: 4 | 6): readonly string[] {
  if (process.platform === 'linux') return ['ping', `-${family}`]
  return [family === 4 ? 'ping' : 'ping6']
}

/** The summary that iputils, busybox and the BSDs print; null if there is none. */
export function readPing(said: string): Pinged | null {
  const counts = /(\d+) packets transmitted, (\d+)(?: packets)? received/.exec(said)
  if (!counts) return null
  const [, sent, heard] = counts.map(Number)
  const times = /(?:rtt|round-trip)\s+min\/avg\/max(?:\/\w+)? = [\d.]+\/([\d.]+)\//.exec(said)
  return {
    sent: sent as number,
    heard: heard as number,
    rtt: times ? Number(times[1]) : null,
    unreachable: /unreachable|no route to host|host is down/i.test(said) ? 'yes' : 'no',
  }
}

function failureOf(said: string): NoPing {
  if (/permitted|permission|are you root|setuid|lacking privilege/i.test(said)) return { failure: 'forbidden' }
  if (/network is (unreachable|down)|no route to host|cannot assign|address family/i.test(said)) {
    return { failure: 'no_route' }
  }
  return { failure: 'unreadable' }
}
