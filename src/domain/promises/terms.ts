/** What a site promises where nobody chooses otherwise. */
export interface Terms {
  /** Minutes until the next update, by severity. */
  readonly update: Readonly<Record<'critical' | 'major' | 'minor', number>>
  /** Hours from the word that it is over until a first review, by severity; others owe none. */
  readonly review: Readonly<Record<'critical' | 'major', number>>
  /** And until the final one. */
  readonly finalReview: Readonly<Record<'critical' | 'major', number>>
}

export const usualTerms: Terms = {
  update: { critical: 20, major: 30, minor: 60 },
  review: { critical: 72, major: 72 },
  finalReview: { critical: 14 * 24, major: 14 * 24 },
}

/** How many minutes later the next update comes where nobody says otherwise. */
export function updateMinutes(terms: Terms, severity: string): number {
  return severity === 'critical' || severity === 'major' ? terms.update[severity] : terms.update.minor
}

/** How many hours after its end an incident is reviewed; null: it owes no review. */
export function reviewHours(
  terms: Terms,
  severity: string,
): { readonly review: number; readonly finalReview: number } | null {
  if (severity !== 'critical' && severity !== 'major') return null
  return { review: terms.review[severity], finalReview: terms.finalReview[severity] }
}
