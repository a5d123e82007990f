import { type Config, readConfig } from '../config.ts'
import { type Count, type Imported, importRecording } from '../domain/import/commands.ts'
import type { Recording } from '../domain/import/recording.ts'
import { wallClock } from '../lib/clock.ts'
import { type ExitCode, type Shell, exit } from './command.ts'
import { withProduct } from './product.ts'

/**
 * Reads a recording, whole, before the database is opened; then takes it over in one change and says what was done.
 * `places`: where it comes from, as it was typed.
 */
export async function importFrom(
  shell: Shell,
  places: readonly string[],
  read: (config: Config, progress: (step: string) => void) => Promise<Recording>,
): Promise<ExitCode> {
  const config = readConfig(shell.env)
  const tell = afterASecond(shell)
  const recording = await read(config, (step) => tell(`Reading ${step}`))
  await withProduct(
    shell,
    async ({ change }) => {
      const imported = await change({ kind: 'command', name: 'import' }, (it) =>
        importRecording(it, recording, {
          from: places.map(nameOf).join(', '),
          progress: (step) => tell(`Writing ${step}`),
        }),
      )
      report(shell, imported, recording)
    },
    'for all rows',
  )
  return exit.done
}

/** Where it came from, for the log: not which folders this machine has. */
function nameOf(place: string): string {
  return URL.canParse(place) ? new URL(place).origin : (place.split(/[\\/]/).findLast((part) => part !== '') ?? place)
}

function report(shell: Shell, imported: Imported, recording: Recording): void {
  if (imported.outcome === 'unchanged') shell.say('Nothing has changed: all of it is here already.')
  if (imported.site === 'named' && recording.page.name) shell.say(`The site is ${recording.page.name} now.`)
  for (const kind of ['groups', 'components', 'incidents', 'maintenances', 'updates'] as const) {
    const words = inWords(imported[kind])
    if (words) shell.say(`${kind}: ${words}`)
  }
  const open = recording.incidents.filter((incident) => incident.overAt === null)
  if (open.length > 0) {
    shell.say(`Still open in the recording: ${open.length}. Resolve at the desk what is over:`)
    for (const { id, name, beganAt } of open.slice(0, 10)) shell.say(`  ${id}  ${beganAt.slice(0, 10)}  ${name}`)
  }
  const forgotten = recording.maintenances.filter(
    ({ stage, plannedUntil }) => stage === 'scheduled' && plannedUntil < wallClock.now(),
  )
  if (forgotten.length > 0) {
    shell.say(
      `Still planned in the recording, and its time is over: ${forgotten.length}. End at the desk what is done:`,
    )
    for (const { id, plannedFrom, name } of forgotten.slice(0, 10)) {
      shell.say(`  ${id}  ${plannedFrom.slice(0, 10)}  ${name}`)
    }
  }
  for (const [name, count] of recording.unknownNames) {
    shell.say(`No component of the recording is called “${name}”: left out where it is named (${count}).`)
  }
}

function inWords({ created, changed, kept }: Count): string {
  const parts = [
    created > 0 ? `${created} new` : '',
    changed > 0 ? `${changed} changed` : '',
    kept > 0 ? `${kept} left alone, newer here` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** Says what comes next, from the second second on. */
function afterASecond(shell: Shell): (step: string) => void {
  const begun = performance.now()
  return (step) => {
    if (performance.now() - begun > 1000) shell.tell(`${step} …`)
  }
}
