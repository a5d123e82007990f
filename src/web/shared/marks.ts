import type { ComponentStatus } from '../../domain/components/component.ts'
import { type Severity, incidentStages } from '../../domain/incidents/incident.ts'
import { maintenanceStages } from '../../domain/maintenances/maintenance.ts'
import type { Say } from '../../lib/messages.ts'

/** A status as it is shown: a shape, a word, and a colour that only repeats them. */
export interface Mark {
  /** Names the shape in `views/partials/shapes.eta` and the colour in `public.css`. */
  readonly tone: Tone
  readonly word: string
}

export type Tone = 'ok' | 'maintenance' | 'degraded' | 'partial' | 'major' | 'unknown'

export function toneOf(status: ComponentStatus): Tone {
  switch (status) {
    case 'operational':
      return 'ok'
    case 'under_maintenance':
      return 'maintenance'
    case 'degraded_performance':
      return 'degraded'
    case 'partial_outage':
      return 'partial'
    case 'major_outage':
      return 'major'
    case 'unknown':
      return 'unknown'
  }
}

export function markOf(status: ComponentStatus, say: Say): Mark {
  return { tone: toneOf(status), word: say(`status.${status}`) }
}

export function severityMark(severity: Severity, say: Say): Mark {
  return { tone: toneOfSeverity(severity), word: say(`severity.${severity}`) }
}

export function toneOfSeverity(severity: Severity): Tone {
  switch (severity) {
    case 'critical':
      return 'major'
    case 'major':
      return 'partial'
    case 'minor':
      return 'degraded'
    case 'maintenance':
      return 'maintenance'
    case 'none':
      return 'unknown'
  }
}

/** The word for a stage; imported records may carry one that no catalogue knows, which is then shown as it came. */
export function stageWord(stage: string, say: Say): string {
  return isStage(stage) ? say(`stage.${stage}`) : stage
}

/** Those that words exist for, besides `update`, which says no more than that there is one. */
export const stages = [...incidentStages, 'postmortem', ...maintenanceStages] as const

function isStage(stage: string): stage is (typeof stages)[number] | 'update' {
  return stage === 'update' || (stages as readonly string[]).includes(stage)
}

/** What a shape is drawn with. */
interface Paint {
  readonly fill: string
  /** Of the sign inside. */
  readonly sign: string
}

/** The shape of a status, 16 by 16: the same on pages, tabs, badges, pictures and other people's pages. */
export function shapeOf(tone: Tone, { fill, sign }: Paint): string {
  switch (tone) {
    case 'ok':
      return `<circle cx="8" cy="8" r="7.5" fill="${fill}"/><path d="M4.6 8.3l2.3 2.3 4.6-5" fill="none" stroke="${sign}" stroke-width="2"/>`
    case 'maintenance':
      return `<path d="M8 0l8 8-8 8-8-8z" fill="${fill}"/><path d="M5 8h6" stroke="${sign}" stroke-width="2"/>`
    case 'degraded':
      return `<rect width="16" height="16" rx="3" fill="${fill}"/><path d="M4 8h8" stroke="${sign}" stroke-width="2.2"/>`
    case 'partial':
      return `<path d="M8 .5L16 15H0z" fill="${fill}"/><path d="M8 6v4M8 12v1" stroke="${sign}" stroke-width="2"/>`
    case 'major':
      return `<path d="M5 0h6l5 5v6l-5 5H5l-5-5V5z" fill="${fill}"/><path d="M5 5l6 6M11 5l-6 6" stroke="${sign}" stroke-width="2"/>`
    case 'unknown':
      return `<circle cx="8" cy="8" r="7" fill="none" stroke="${fill}" stroke-width="2" stroke-dasharray="2.5 2"/>`
  }
}

/** On light ground, each dark enough for white text on it: those of `views/assets/tokens.css`. */
export const colours: Readonly<Record<Tone, string>> = {
  ok: '#1f7a4d',
  maintenance: '#2f5fb3',
  degraded: '#8a6100',
  partial: '#b34700',
  major: '#b3261e',
  unknown: '#6a6e76',
}

/** The icon of the tab: part of the page's own bytes, so that it says what the page says. */
export function favicon(tone: Tone): string {
  return `data:image/svg+xml,${encodeURIComponent(faviconSvg(tone))}`
}

export function faviconSvg(tone: Tone): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${shapeOf(tone, { fill: colours[tone], sign: '#fff' })}</svg>`
}
