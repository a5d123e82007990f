import { type RequestListener, createServer } from 'node:http'
import type { CheckDetail } from '../../../../src/domain/probes/finding.ts'
import { judged } from '../../../../src/domain/probes/verdicts/judging.ts'
import type { ProbeQuestion } from '../../../../src/domain/probes/input.ts'
import { readQuestion } from '../../../../src/domain/probes/rules.ts'
import { wallClock } from '../../../../src/lib/clock.ts'
import { loadKind } from '../../../../src/outbound/probing/kinds/index.ts'
import { nameServer } from '../../../lib/name-server.ts'
import { circumstances, portOf } from '../circumstances.ts'

/** Asks once what a form says, from a machine that may reach itself; every name that ends in `.test` is on it. */
export async function checked(question: ProbeQuestion, allow = ['127.0.0.1']): Promise<CheckDetail> {
  const names = await nameServer((name) => (name.endsWith('.test') ? ['127.0.0.1'] : 'absent'))
  const { kind, spec, expects, timeoutMs } = readQuestion({ timeoutMs: 2000, ...question })
  const where = circumstances({ allow, dnsServers: [names.address], timeoutMs })
  const way = await loadKind(kind)!
  return judged(await way.check(spec, where), expects, wallClock.now())
}

/** A web server on loopback; answers its origin. */
export async function webServer(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await portOf(createServer(listener))}`
}
