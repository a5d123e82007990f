import { readFile, stat } from 'node:fs/promises'
import { readSite } from '../domain/site/queries.ts'
import { exportSubscribers } from '../domain/subscribers/exporting.ts'
import {
  type ListReport,
  checkSubscriberList,
  importSubscribers,
  mostListCharacters,
} from '../domain/subscribers/importing.ts'
import { type Command, type Shell, UsageError, exit } from './command.ts'
import { withProduct } from './product.ts'

export const exporting: Command = {
  help: `
candor subscribers export > subscribers.csv

Writes everybody who is told, or was asked, as CSV on standard output, newest first: where it leads, when they agreed, and
what they chose. It holds addresses of people: keep it as you keep those. Secrets of webhooks are not in it; who left is not
either. What it writes, “candor subscribers import” reads.`,
  options: {},
  positionals: [0, 0],
  run: (_given, shell) =>
    withProduct(shell, async ({ db, vault }) => {
      for await (const line of exportSubscribers(db, vault)) shell.say(line.slice(0, -2))
      return exit.done
    }),
}

export const importing: Command = {
  help: `
candor subscribers import <file.csv> [--dry-run]

Takes over a list of people who agreed elsewhere. The first line names the columns, and these two are needed: address (or
email), and consented_at, the day on which each of them agreed. These may be there: channel (otherwise email), scope
(everything, or component:search group:EU42), kinds, severity_from, extent, quiet_hours (22:00-07:00), language, zone.

With --dry-run it says line by line what is wrong and what would become of the rest, and changes nothing. Without it nothing
is taken over either while a line is wrong. Who left, complained or could not be reached stays away; who is told already
keeps what they chose. Nobody is written to. Doing it again changes nothing.
Exit codes: 0 done, 1 something is wrong with the list.`,
  options: { 'dry-run': { type: 'boolean' } },
  positionals: [1, 1],
  async run({ values, positionals: [path = ''] }, shell) {
    const isDry = values['dry-run'] === true
    const csv = await listIn(path)
    const report = await withProduct(shell, async (deps) => {
      const { locale, zone } = await readSite(deps.db)
      return isDry
        ? checkSubscriberList(deps, csv, { locale, zone })
        : importSubscribers(deps, { kind: 'command', name: 'subscribers import' }, csv, { locale, zone })
    })
    tell(report, isDry, shell)
    return report.faults.length === 0 ? exit.done : exit.failed
  },
}

async function listIn(path: string): Promise<string> {
  const { size } = await stat(path)
  // A character has at most four bytes.
  if (size > 4 * mostListCharacters) throw new UsageError(`${path} is longer than 10 MB: bring it in parts.`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch {
    throw new UsageError(`${path} is not written in UTF-8: save it as “CSV UTF-8”.`)
  }
}

function tell(report: ListReport, isDry: boolean, shell: Shell): void {
  const { lines, added, known, suppressed, leftOut, faults, ignoredColumns } = report
  for (const { line, words } of faults) shell.tell(line === null ? words : `Line ${line}: ${words}`)
  if (ignoredColumns.length > 0) shell.tell(`Not read: the columns ${ignoredColumns.join(', ')}.`)
  if (faults.length > 0 && !isDry) {
    shell.say('Nothing was taken over.')
    return
  }
  const words = [
    `${added} ${isDry ? 'would be ' : ''}added`,
    `${known} told already`,
    `${suppressed} left alone: they left, or could not be reached`,
    ...(leftOut > 0 ? [`${leftOut} left out: not told where the list was written, or a browser`] : []),
    ...(faults.length > 0 ? [`${faults.length} wrong`] : []),
  ]
  shell.say(`${lines} ${lines === 1 ? 'line' : 'lines'}: ${words.join('; ')}.`)
}
