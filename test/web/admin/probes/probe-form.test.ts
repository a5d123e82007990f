import { describe, expect, test } from 'vitest'
import { changeFields } from '../../../../src/domain/probes/input.ts'
import { type ProbeKindName, kindNames, kindOf } from '../../../../src/domain/probes/kinds/index.ts'
import type { Probe } from '../../../../src/domain/probes/probe.ts'
import { readNewProbe, readProbeChanges } from '../../../../src/domain/probes/rules.ts'
import { Invalid } from '../../../../src/lib/errors.ts'
import { drawnKind } from '../../../../src/web/admin/probes/probe-fields.ts'
import { readProbeForm, usualValues, valuesOf } from '../../../../src/web/admin/probes/probe-form.ts'
import { samples } from '../../../domain/probes/samples.ts'
import { exactDuration } from '../../../../src/web/admin/words.ts'

const instant = '2026-11-21T12:00:00.000Z' as Probe['createdAt']

function probeOf(kind: ProbeKindName): Probe {
  const wish = readNewProbe({ componentId: 'c1', kind, dependsOn: 'p2, p3', ...samples[kind] })
  return { ...wish, id: 'p1', pausedAt: null, createdAt: instant, updatedAt: instant } as Probe
}

describe.each(kindNames)('a probe of the kind %s', (kind) => {
  test('is asked for with a label for every field, and with no field that every probe has', () => {
    const { first, folds } = drawnKind(kind)
    const drawn = [...first, ...folds.flatMap(({ rows }) => rows)].flat()
    expect(drawn.map(({ name }) => name).toSorted()).toEqual(Object.keys(kindOf(kind).asks).toSorted())
    for (const { label } of drawn) expect(label).toMatch(/\S/)
    const shared = [...Object.keys(changeFields.properties ?? {}), 'componentId', 'kind', 'token']
    expect(drawn.map(({ name }) => name).filter((name) => shared.includes(name))).toEqual([])
  })

  test('has a sample, and its form shows what it keeps and keeps what it shows', () => {
    expect(Object.keys(samples)).toContain(kind)
    const probe = probeOf(kind)
    const { wish } = readProbeForm(valuesOf(probe))
    const again = readProbeChanges(wish)
    for (const key of Object.keys(again) as (keyof typeof again)[]) expect(again[key]).toEqual(probe[key])
  })

  test('says in a new form what is usual', () => {
    const form = usualValues(kind)
    const chosen = drawnKind(kind).folds.flatMap(({ rows }) => rows.flat().filter(({ choices }) => choices))
    expect(chosen.filter(({ name, choices }) => !choices?.some(({ value }) => value === form[name]))).toEqual([])
  })
})

test('what stands in a field that the kind does not have is refused', () => {
  expect(() => readProbeForm({ ...usualValues('http'), shell: 'rm' })).toThrow(Invalid)
  expect(() => readProbeForm({ kind: 'telepathy' })).toThrow(Invalid)
})

test('a header without its colon is refused, and not repeated: it may be a secret', () => {
  const form = { ...usualValues('http'), url: 'https://shop.test/', headers: 'Bearer abc123' }
  expect(() => readProbeForm(form)).toThrow(/Name: value/)
  expect(() => readProbeForm(form)).not.toThrow(/abc123/)
})

test('times to notice are exact, and in hours where they take hours', () => {
  expect([95, 1800, 43_243, 90_000].map(exactDuration)).toEqual([
    '1 minute, 35 seconds',
    '30 minutes',
    '12 hours, 1 minute',
    '1 day, 1 hour',
  ])
})
