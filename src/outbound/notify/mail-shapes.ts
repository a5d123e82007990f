import type { ComponentStatus } from '../../domain/components/component.ts'

/** A status as a mail shows it: a shape that is a letter, because mails show no drawings; the word stands beside it. */
export interface Shape {
  readonly tone: string
  readonly glyph: string
  readonly colour: string
  /** White on its colour, or only the glyph itself. */
  readonly filled: boolean
  readonly radius: string
  /** The side on which the word stands. */
  readonly end: 'left' | 'right'
}

/** The shapes and colours of the page. */
const shapes: Readonly<Record<ComponentStatus, Omit<Shape, 'end'>>> = {
  operational: { tone: 'ok', glyph: '✓', colour: '#1f7a4d', filled: true, radius: '50%' },
  under_maintenance: { tone: 'maintenance', glyph: '◆', colour: '#2f5fb3', filled: false, radius: '0' },
  degraded_performance: { tone: 'degraded', glyph: '–', colour: '#8a6100', filled: true, radius: '4px' },
  partial_outage: { tone: 'partial', glyph: '▲', colour: '#b34700', filled: false, radius: '0' },
  major_outage: { tone: 'major', glyph: '✕', colour: '#b3261e', filled: true, radius: '5px' },
  unknown: { tone: 'unknown', glyph: '?', colour: '#6a6e76', filled: true, radius: '50%' },
}

/** Null: it is not about the state of anything, and has no shape. */
export function shapeOf(status: ComponentStatus | null, dir: 'ltr' | 'rtl'): Shape {
  const end = dir === 'rtl' ? 'left' : 'right'
  if (status === null) return { tone: 'soft', glyph: '', colour: '#5d6169', filled: false, radius: '0', end }
  return { ...shapes[status], end }
}
