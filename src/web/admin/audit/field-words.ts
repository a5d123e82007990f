/** Fields whose name in the code is none of the words of the desk. */
const said: Readonly<Record<string, string>> = {
  accentDark: 'accent in the dark',
  barsHiddenAt: 'bars',
  componentIds: 'systems',
  components: 'systems',
  css: 'style sheet',
  evidence: 'whether readers see what was measured',
  groupId: 'group',
  jargon: 'words for the coach',
  locale: 'language',
  measuring: 'what is kept of measurements',
  reports: 'what readers are asked',
  secondFactor: 'who needs a second factor',
  severityOverride: 'severity',
  terms: 'what is promised',
  zone: 'time zone',
}

/** A field of what was changed, or of a part of it: `nextUpdateBy` as `next update by`, `terms.update` as `what is promised · update`. */
export function fieldInWords(name: string): string {
  const [whole = '', ...parts] = name.split('.')
  return [said[whole] ?? whole, ...parts]
    .map((part) => part.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`))
    .join(' · ')
}
