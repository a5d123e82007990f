import type { Shell } from './command.ts'

/** Tells how far something is, from its second second on and then once a second. */
export function progress(shell: Pick<Shell, 'tell'>, doing: string): (done: number, all: number) => void {
  let next = performance.now() + 1000
  return (done, all) => {
    const now = performance.now()
    if (now < next || all === 0) return
    next = now + 1000
    shell.tell(`${doing}: ${Math.floor((done / all) * 100)} %`)
  }
}
