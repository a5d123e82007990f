/** What the program for readers answers. It is plain JavaScript, so that it runs anywhere. */
export type Verdict =
  | { readonly ok: true; readonly entries: number; readonly key: string; readonly signatures: 'checked' | 'unknown' }
  | { readonly ok: false; readonly entry: number; readonly reason: string }

interface Program {
  verifyLedger(pieces: Iterable<Uint8Array>, known: { head?: object | null; key?: string | null }): Promise<Verdict>
  run(args: readonly string[], say: (line: string) => void): Promise<number>
}

export const program = new URL('../../../views/ledger/verify.js', import.meta.url)
export const { verifyLedger, run } = (await import(program.href)) as Program
