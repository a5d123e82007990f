import { expect, test } from 'vitest'
import { readReport } from '../../../src/web/places/report.ts'

const result = { probeId: 'a', revision: 'r', at: 1, outcome: 'fail', reason: 'tls', ms: 60, code: null }
const report = { session: 1, batch: 1, again: 'no', version: '1', clockMs: 0 }
const traceOf = (trace: unknown) => readReport({ ...report, results: [{ ...result, trace }] }).results[0]?.trace

test('how a check went on its way is taken over from a place, as much as fits', () => {
  const phases = { dns: 3, connect: 12, tls: null, firstByte: 5, body: 2 }
  const certificate = { subject: 'shop.test', issuer: 'Anybody', validUntil: 'soon', fault: null }
  expect(traceOf({ phases, certificate })).toEqual({ phases, certificate })
  expect(traceOf({ phases: null, certificate: null })).toEqual({ phases: null, certificate: null })
  expect(traceOf({ phases: { dns: -1, connect: 1e12, tls: 'x' }, certificate: { subject: 'x'.repeat(999) } })).toEqual({
    phases: { dns: 0, connect: 0, tls: 0, firstByte: 0, body: 0 },
    certificate: { subject: 'x'.repeat(200), issuer: '', validUntil: '', fault: '' },
  })
  expect(readReport({ ...report, results: [result] }).results[0]).toEqual(result)
})

test('what is no account of a check is refused', () => {
  for (const wrong of [7, 'x', [], { phases: 3, certificate: null }]) expect(() => traceOf(wrong)).toThrow('This is no')
})
