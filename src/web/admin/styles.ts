import { assetHref } from '../shared/assets.ts'

/** In the order in which they build on each other. */
const styles = [
  'tokens.css',
  'desk-frame.css',
  'desk-things.css',
  'desk-forms.css',
  'desk-composer.css',
  'desk-coach.css',
  'desk-clocks.css',
  'desk-engine.css',
  'desk-probes.css',
  'charts.css',
  'desk-proof.css',
  'desk-log.css',
  'desk-alerts.css',
  'desk-subscribers.css',
]

export function deskStyles(): string[] {
  return styles.map(assetHref)
}
