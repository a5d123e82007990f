import type { Buffer } from 'node:buffer'
import type { Step } from '../../domain/probes/dialogue.ts'
import { NetworkError } from '../../lib/connection.ts'
import type { Dialogue } from '../../lib/dialogue.ts'
import { readPattern } from '../../lib/patterns.ts'
import { Misfit } from './attempt.ts'

/** Goes through a dialogue step by step; throws where it takes another way. */
export async function holdSteps(
  talk: Dialogue,
  steps: readonly Step[],
  encrypt: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (const step of steps) {
    if (step.step === 'starttls') await encrypt()
    else if (step.step === 'send') talk.say(step.bytes)
    else await hearExpected(talk, step)
  }
}

type Expected = Extract<Step, { step: 'expect' | 'match' }>

async function hearExpected(talk: Dialogue, expected: Expected): Promise<void> {
  const holds = matcher(expected)
  try {
    await talk.hear((heard) => (holds(heard) ? true : null))
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    // It spoke, but never said this: that is more than silence.
    const saidElse = talk.heard.length > 0 && (error.fault === 'timeout' || error.fault === 'reset')
    throw saidElse ? new Misfit('unexpected') : error
  }
}

function matcher(expected: Expected): (heard: Buffer) => boolean {
  if (expected.step === 'expect') return (heard) => heard.includes(expected.bytes)
  const pattern = readPattern(expected.source, expected.flags)
  // A newer version may have kept one that this one cannot read.
  if ('fault' in pattern) throw new Misfit('prober')
  return (heard) => pattern.findIn(heard.toString()) === 'yes'
}
