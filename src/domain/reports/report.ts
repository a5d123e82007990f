/** Whether readers are asked, whether others see how many said so, and how many at once raise a draft. */
export interface ReportSettings {
  readonly asked: 'yes' | 'no'
  readonly shown: 'yes' | 'no'
  /** Fewer than these are not shown: they would say who. */
  readonly shownFrom: number
  readonly burst: { readonly reports: number; readonly minutes: number }
}

export const usualReports: ReportSettings = {
  asked: 'yes',
  shown: 'no',
  shownFrom: 10,
  burst: { reports: 5, minutes: 10 },
}

/** As readers are told: rounded down to 1, 2 or 5 with zeros, so that a number that grows is seldom another one. */
export function roundedDown(count: number): number {
  if (count < 1) return 0
  const unit = 10 ** Math.floor(Math.log10(count))
  return [5, 2, 1].map((step) => step * unit).find((step) => step <= count) ?? unit
}
