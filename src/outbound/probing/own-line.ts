import type { Canary } from './canaries.ts'

export interface OwnLineParts {
  readonly canaries: readonly Canary[]
  sings(canary: Canary): Promise<boolean>
  /** Whether our own name servers answer. */
  namesAnswer(): Promise<boolean>
  steady(): number
}

export type Line = 'online' | 'offline'

/** Whether what fails fails because we cannot reach anybody. Asked only when something fails. */
export interface OwnLine {
  /** `thoroughly`: so much fails at once that an answer of before does not do. */
  weigh(how: 'quickly' | 'thoroughly'): Promise<Line>
  /** Somebody whom we check has answered. */
  answered(): void
  /** What was found last, if anybody asked. */
  readonly last: Line | null
}

/** What was found holds for so long. */
const keptMs = 5000
/** Who has answered within so long shows that the line works. */
const recentMs = 5000

/**
 * Canaries decide where there are any: somebody in the same building who answers says nothing of the line out of it.
 * Without canaries the line counts as cut only where nobody answers any more, and our own name servers, which did answer
 * before, have fallen silent as well: an outage of everything one watches must not pass for an absence of one's own.
 */
export function ownLine({ canaries, sings, namesAnswer, steady }: OwnLineParts): OwnLine {
  let lastAnswer = -Infinity
  let namesHaveAnswered = false
  let kept: { readonly at: number; readonly how: 'quickly' | 'thoroughly'; readonly line: Promise<Line> } | null = null
  let last: Line | null = null

  async function namesWork(): Promise<boolean> {
    const work = await namesAnswer()
    const ceased = !work && namesHaveAnswered
    namesHaveAnswered ||= work
    return !ceased
  }

  async function look(how: 'quickly' | 'thoroughly'): Promise<Line> {
    if (canaries.length === 0) {
      const hearsSomebody = steady() - lastAnswer <= recentMs
      return hearsSomebody || (await namesWork()) ? 'online' : 'offline'
    }
    const [names, ...songs] = await Promise.all([how === 'thoroughly' ? namesWork() : true, ...canaries.map(sings)])
    const sing = songs.filter(Boolean).length
    return sing >= Math.ceil(canaries.length / 2) && names ? 'online' : 'offline'
  }

  // Whether names are answered when all is well is known only by asking then.
  void namesWork()

  return {
    weigh(how) {
      const isKept = kept !== null && steady() - kept.at <= keptMs && (how === 'quickly' || kept.how === 'thoroughly')
      if (!isKept) {
        const line = look(how)
        kept = { at: steady(), how, line }
        void line.then((found) => (last = found))
      }
      return kept?.line ?? look(how)
    },
    answered: () => void (lastAnswer = steady()),
    get last() {
      return last
    },
  }
}
