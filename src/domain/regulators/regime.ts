/** How long after something a report is due. Hours are elapsed time; days and months are those of the site's calendar. */
export interface Term {
  readonly amount: number
  readonly unit: 'hours' | 'days' | 'months'
  /** When we became aware, when it was classified, or when the report before this one was sent. */
  readonly from: 'aware' | 'classified' | 'before'
}

/** A report that is owed to an authority. */
export interface Owed {
  readonly name: string
  readonly words: string
  readonly term: Term
  /** It is due by this at the latest, whatever the first says; with `classified`, unless that came later still. */
  readonly atMost: Term | null
}

export interface Regime {
  readonly title: string
  /** Where the time limits stand. */
  readonly source: string
  /** What these clocks do not know, and a lawyer does. */
  readonly remark: string
  readonly reports: readonly Owed[]
}

export type RegimeName = 'gdpr' | 'nis2' | 'dora'

const hours = (amount: number, from: Term['from']): Term => ({ amount, unit: 'hours', from })
const aMonthAfter: Term = { amount: 1, unit: 'months', from: 'before' }

/**
 * GDPR: Regulation (EU) 2016/679, Article 33(1). NIS2: Directive (EU) 2022/2555, Article 23(4), points (a), (b) and (d).
 * DORA: Regulation (EU) 2022/2554, Article 19(4), with the limits of Delegated Regulation (EU) 2025/301, Article 5(1);
 * its paragraph 2 gives four hours to what is classified only after the first day. What moves a limit from a weekend
 * or a holiday to a working day is left out: to be early is never wrong.
 */
export const regimes: Readonly<Record<RegimeName, Regime>> = {
  gdpr: {
    title: 'GDPR: personal data breach',
    source: 'Regulation (EU) 2016/679, Article 33(1)',
    remark: 'To the data protection authority, unless a risk to people is unlikely. Later than that, with the reasons.',
    reports: [{ name: 'notification', words: 'Notification to the authority', term: hours(72, 'aware'), atMost: null }],
  },
  nis2: {
    title: 'NIS2: significant incident',
    source: 'Directive (EU) 2022/2555, Article 23(4)',
    remark:
      'To the CSIRT or the competent authority, as your country made it law. While the incident goes on at the end of the month, a progress report, and the final one a month after it was handled. Providers of trust services notify within 24 hours.',
    reports: [
      { name: 'early-warning', words: 'Early warning', term: hours(24, 'aware'), atMost: null },
      { name: 'notification', words: 'Incident notification', term: hours(72, 'aware'), atMost: null },
      { name: 'final-report', words: 'Final report', term: aMonthAfter, atMost: null },
    ],
  },
  dora: {
    title: 'DORA: major ICT-related incident',
    source: 'Delegated Regulation (EU) 2025/301, Article 5',
    remark:
      'To the competent authority of a financial entity. For some of them, a limit that falls on a weekend or a bank holiday moves to noon of the next working day. The month of the final report begins again with each updated intermediate report.',
    reports: [
      {
        name: 'initial-notification',
        words: 'Initial notification',
        term: hours(4, 'classified'),
        atMost: hours(24, 'aware'),
      },
      { name: 'intermediate-report', words: 'Intermediate report', term: hours(72, 'before'), atMost: null },
      { name: 'final-report', words: 'Final report', term: aMonthAfter, atMost: null },
    ],
  },
}

export const regimeNames = Object.keys(regimes) as readonly RegimeName[]
