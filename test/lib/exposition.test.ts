import parse from 'parse-prometheus-text-format'
import { expect, test } from 'vitest'
import { type Family, count, exposition, formatFor, gauge } from '../../src/lib/exposition.ts'
import { counter, recorder } from '../../src/lib/meters.ts'

test('what is written is read again by a parser that is not ours', () => {
  const checks = counter()
  checks.add({ kind: 'http', outcome: 'pass' }, 3)
  checks.add({ kind: 'http', outcome: 'fail' })
  const took = recorder([0.1, 1])
  for (const seconds of [0.05, 0.5, 0.7, 9]) took.observe(seconds)
  const families: Family[] = [
    gauge('bytes', 'How many.', 12.5, { name: 'a "quoted" \\ name' }),
    { name: 'checks', help: 'How many.', type: 'counter', samples: checks.read() },
    { name: 'took_seconds', help: 'How long.', type: 'histogram', bounds: took.bounds, distributions: took.read() },
  ]
  expect(parse(exposition(families, 'text'))).toEqual([
    {
      name: 'bytes',
      help: 'How many.',
      type: 'GAUGE',
      metrics: [{ value: '12.5', labels: { name: 'a "quoted" \\ name' } }],
    },
    {
      name: 'checks_total',
      help: 'How many.',
      type: 'COUNTER',
      metrics: [
        { value: '3', labels: { kind: 'http', outcome: 'pass' } },
        { value: '1', labels: { kind: 'http', outcome: 'fail' } },
      ],
    },
    {
      name: 'took_seconds',
      help: 'How long.',
      type: 'HISTOGRAM',
      metrics: [{ buckets: { '0.1': '1', '1': '3', '+Inf': '4' }, count: '4', sum: '10.25' }],
    },
  ])
})

test('OpenMetrics names a counter without its end, and says where it ends itself', () => {
  expect(exposition([count('checks', 'Of two\nlines.', 2), gauge('unknown', 'Not known.', null)], 'openmetrics')).toBe(
    [
      '# HELP checks Of two\\nlines.',
      '# TYPE checks counter',
      'checks_total 2',
      '# HELP unknown Not known.',
      '# TYPE unknown gauge',
      '# EOF',
      '',
    ].join('\n'),
  )
})

test('a histogram keeps its labels apart', () => {
  const took = recorder([1])
  took.observe(0.5, { kind: 'http' })
  took.observe(2, { kind: 'tcp' })
  const family = { name: 't', help: 'T.', type: 'histogram', bounds: took.bounds, distributions: took.read() } as const
  expect(exposition([family], 'text').split('\n').slice(2, 10)).toEqual([
    't_bucket{kind="http",le="1"} 1',
    't_bucket{kind="http",le="+Inf"} 1',
    't_sum{kind="http"} 0.5',
    't_count{kind="http"} 1',
    't_bucket{kind="tcp",le="1"} 0',
    't_bucket{kind="tcp",le="+Inf"} 1',
    't_sum{kind="tcp"} 2',
    't_count{kind="tcp"} 1',
  ])
})

test('a line break in a label does not end its line', () => {
  expect(exposition([gauge('one', 'One.', 1, { name: 'a\nb' })], 'text')).toContain('one{name="a\\nb"} 1')
})

test('the successor is written for those who ask for it', () => {
  expect(formatFor('application/openmetrics-text;version=1.0.0,text/plain;q=0.5')).toBe('openmetrics')
  expect(formatFor('text/plain')).toBe('text')
  expect(formatFor(undefined)).toBe('text')
})
