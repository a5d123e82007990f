import { expect, test } from 'vitest'
import { readPing } from '../../src/lib/ping.ts'

test.each([
  [
    'iputils',
    `PING 192.0.2.7 (192.0.2.7) 56(84) bytes of data.
64 bytes from 192.0.2.7: icmp_seq=1 ttl=57 time=11.2 ms

--- 192.0.2.7 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 2003ms
rtt min/avg/max/mdev = 10.900/11.150/11.400/0.204 ms
`,
    { sent: 3, heard: 3, rtt: 11.15, unreachable: 'no' },
  ],
  [
    'iputils, interrupted',
    `--- 192.0.2.7 ping statistics ---
2 packets transmitted, 1 received, 50% packet loss, time 1010ms
rtt min/avg/max/mdev = 0.041/0.041/0.041/0.000 ms, pipe 2
`,
    { sent: 2, heard: 1, rtt: 0.041, unreachable: 'no' },
  ],
  [
    'iputils, nobody there',
    `From 192.0.2.1 icmp_seq=1 Destination Host Unreachable
--- 192.0.2.7 ping statistics ---
3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 2040ms
pipe 3
`,
    { sent: 3, heard: 0, rtt: null, unreachable: 'yes' },
  ],
  [
    'iputils, doubled',
    `3 packets transmitted, 3 received, +2 duplicates, 0% packet loss, time 2003ms
rtt min/avg/max/mdev = 1/2/3/0.2 ms
`,
    { sent: 3, heard: 3, rtt: 2, unreachable: 'no' },
  ],
  [
    'busybox',
    `PING 192.0.2.7 (192.0.2.7): 56 data bytes
64 bytes from 192.0.2.7: seq=0 ttl=64 time=0.059 ms

--- 192.0.2.7 ping statistics ---
3 packets transmitted, 3 packets received, 0% packet loss
round-trip min/avg/max = 0.059/0.078/0.109 ms
`,
    { sent: 3, heard: 3, rtt: 0.078, unreachable: 'no' },
  ],
  [
    'busybox, silence',
    `--- 192.0.2.7 ping statistics ---
3 packets transmitted, 0 packets received, 100% packet loss
`,
    { sent: 3, heard: 0, rtt: null, unreachable: 'no' },
  ],
  [
    'macOS',
    `--- 192.0.2.7 ping statistics ---
3 packets transmitted, 3 packets received, 0.0% packet loss
round-trip min/avg/max/stddev = 13.204/14.052/15.333/0.922 ms
`,
    { sent: 3, heard: 3, rtt: 14.052, unreachable: 'no' },
  ],
  [
    'FreeBSD, IPv6',
    `--- 2001:db8::7 ping statistics ---
3 packets transmitted, 2 packets received, 33.3% packet loss
round-trip min/avg/max/stddev = 1.000/2.500/4.000/0.922 ms
`,
    { sent: 3, heard: 2, rtt: 2.5, unreachable: 'no' },
  ],
])('the summary of %s is understood', (_name, said, told) => {
  expect(readPing(said)).toEqual(told)
})

test.each(['', 'ping: socktype: SOCK_RAW', 'ping: connect: Network is unreachable'])('%j is no summary', (said) => {
  expect(readPing(said)).toBeNull()
})
