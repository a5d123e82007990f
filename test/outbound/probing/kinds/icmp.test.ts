import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { icmp as rules } from '../../../../src/domain/probes/kinds/icmp.ts'
import { icmp } from '../../../../src/outbound/probing/kinds/icmp.ts'
import { circumstances, verdictOf } from '../circumstances.ts'

/** A machine whose `ping` does this; without a script it has none. Answers what it was called with. */
function machineWith(script?: string): () => string {
  const folder = mkdtempSync(join(tmpdir(), 'candor-ping-'))
  const path = process.env['PATH'] ?? ''
  if (script !== undefined) {
    const program = join(folder, 'ping')
    writeFileSync(program, `#!/bin/sh\necho "$LC_ALL" "$@" > ${folder}/asked\n${script}\n`)
    chmodSync(program, 0o755)
  }
  // A shell is found where it always is; what else is on this machine is not.
  process.env['PATH'] = script === undefined ? folder : [folder, path].join(delimiter)
  onTestFinished(() => {
    process.env['PATH'] = path
    rmSync(folder, { recursive: true, force: true })
  })
  return () => readFileSync(join(folder, 'asked'), 'utf8').trim()
}

const check = (host = '127.0.0.1', timeoutMs = 1500) =>
  verdictOf(icmp, rules.read({ host, count: 2 }), circumstances({ timeoutMs }))

test('packets that come back are a pass, with what they took', async () => {
  const asked = machineWith(`echo '2 packets transmitted, 2 received, 0% packet loss, time 1001ms'
echo 'rtt min/avg/max/mdev = 10.0/12.4/15.0/1.0 ms'`)
  expect(await check()).toMatchObject({ outcome: 'pass', reason: null, ms: 12 })
  expect(asked()).toBe('C -4 -n -c 2 127.0.0.1')
})

test('an address of IPv6 is asked as such', async () => {
  const asked = machineWith(`echo '2 packets transmitted, 1 received, 50% packet loss'
echo 'rtt min/avg/max/mdev = 1/1/1/0 ms'`)
  expect(await check('::1')).toMatchObject({ outcome: 'pass' })
  expect(asked()).toBe('C -6 -n -c 2 ::1')
})

test.each([
  ['silence', `echo '2 packets transmitted, 0 received, 100% packet loss'; exit 1`, 'fail', 'timeout'],
  [
    'nobody there',
    `echo 'From 127.0.0.1 icmp_seq=1 Destination Host Unreachable'; echo '2 packets transmitted, 0 received'; exit 1`,
    'fail',
    'unreachable',
  ],
  ['no permission', `echo 'ping: socktype: SOCK_RAW: Operation not permitted' >&2; exit 2`, 'inconclusive', 'ping'],
  ['no permission, of busybox', `echo 'ping: permission denied (are you root?)' >&2; exit 1`, 'inconclusive', 'ping'],
  ['no way from here', `echo 'ping: connect: Network is unreachable' >&2; exit 2`, 'inconclusive', 'prober'],
  ['nothing that anybody understands', `echo 'segmentation fault'; exit 139`, 'inconclusive', 'prober'],
])('%s has its own verdict', async (_name, script, outcome, reason) => {
  machineWith(script)
  expect(await check()).toMatchObject({ outcome, reason })
})

test('without a ping nothing is known, and it is said what is missing', async () => {
  machineWith()
  expect(await check()).toMatchObject({ outcome: 'inconclusive', reason: 'ping' })
})

test('a ping that takes too long sums up what it knows', async () => {
  machineWith(`trap "echo '1 packets transmitted, 0 received, 100% packet loss'; exit 1" INT
while :; do sleep 0.05; done`)
  expect(await check('127.0.0.1', 900)).toMatchObject({ outcome: 'fail', reason: 'timeout' })
})

test('a ping that does not even do that is ended', async () => {
  machineWith(`trap '' INT\nwhile :; do sleep 0.05; done`)
  expect(await check('127.0.0.1', 600)).toMatchObject({ outcome: 'fail', reason: 'timeout' })
})

test.each(['-c 1', '127.0.0.1;id', '$(id)', '`id`'])('%j never gets near a command line', (host) => {
  expect(() => rules.read({ host })).toThrow('host')
})
