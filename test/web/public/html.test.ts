import { HtmlValidate, StaticConfigLoader } from 'html-validate'
import { expect, test } from 'vitest'
import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import { locales } from '../../../src/domain/site/site.ts'
import type { PublicViews } from '../../../src/web/public/views.ts'
import { badAfternoon } from '../../bad-afternoon.ts'
import { corrected } from '../../corrected.ts'
import { sampleComponent, sampleIncident, sampleMaintenance } from '../../sample-snapshot.ts'
import { draw, models } from './render.ts'

const validator = new HtmlValidate(
  new StaticConfigLoader({
    extends: ['html-validate:standard', 'html-validate:a11y', 'html-validate:document'],
    // Our own script stands on our own server.
    rules: { 'require-sri': ['error', { target: 'crossorigin' }] },
  }),
)

/** Nothing was ever said or measured: lists are empty, and what is there has the least that it can have. */
const bare: Snapshot = {
  ...badAfternoon,
  groups: [],
  components: [{ ...sampleComponent('one', 'One'), status: 'unknown', statusSince: null }],
  measured: new Map(),
  openIncidents: [],
  openMaintenances: [],
  pastDays: [],
  notices: [],
  recentIncidents: [sampleIncident('none', 'An incident without a word', { severity: 'none', source: 'import' })],
  recentMaintenances: [sampleMaintenance('none', 'Work without a word', { stage: 'cancelled' })],
}

/** Names and texts that want to be markup. */
const hostile: Snapshot = {
  ...badAfternoon,
  components: badAfternoon.components.map((one) => ({ ...one, name: `"><b>${one.name}</b>&amp; '` })),
  recentIncidents: badAfternoon.recentIncidents.map((one) => ({
    ...one,
    name: `</h1><script>alert("1")</script> & ${one.name}`,
    updates: one.updates.map((update) => ({
      ...update,
      body: `<table><td>\n\n# A\n\n- b\n\n> c\n\n[d](http://e) \`f\``,
    })),
  })),
}

const states = {
  'a bad afternoon': badAfternoon,
  'corrected words': corrected,
  'nothing at all': bare,
  'hostile words': hostile,
}
const names = Object.keys(models(badAfternoon, 'en')) as (keyof PublicViews)[]
const cases = Object.entries(states).flatMap(([state, snapshot]) =>
  (state === 'a bad afternoon' ? locales : ['en', 'fa']).flatMap((locale) =>
    names.map((name) => ({ state, snapshot, locale, name })),
  ),
)

test.each(cases)('$name in $locale is valid HTML: $state', async ({ snapshot, locale, name }) => {
  const { results } = await validator.validateString(draw(name, models(snapshot, locale)[name]))
  const found = results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, selector }) => `${line} ${ruleId}: ${message} (${selector ?? ''})`),
  )
  expect(found).toEqual([])
})
