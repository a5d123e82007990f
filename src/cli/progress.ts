import type { Shell } from './command.ts'

/** Tells how far something is, from its second second on and then once a second. `all` is 0 where nobody knows it. */
export function progress(shell: Pick<Shell, 'tell'>, doing: string): (done: number, all: number) => void {
  let next = performance.now() + 1000
  return (done, all) => {
    const now = performance.now()
    if (now < next) return
    next = now + 1000
    const words = all === 0 ? `${done.toLocaleString('en')} rows` : `${Math.floor((done / all) * 100)} %`
    shell.tell(`${doing}: ${words}`)
  }
}
