import type { Deps } from './deps.ts'
import { forgetSessions } from './domain/accounts/sessions.ts'
import { forgetAlerts } from './domain/alerts/forgetting.ts'
import { forgetOldWaySecrets } from './domain/alerts/secrets.ts'
import { alertWatch } from './domain/alerts/watch.ts'
import { forgetAddresses } from './domain/changes/log.ts'
import { releaseWhatRanAhead } from './domain/deliveries/release.ts'
import { tellingSubscribers } from './domain/deliveries/subscribers-told.ts'
import { publishDueUpdates } from './domain/incidents/waiting.ts'
import { noteShownNotices } from './domain/ledger/shown-notices.ts'
import { advanceMaintenances } from './domain/maintenances/advance.ts'
import { remindOfMaintenances } from './domain/maintenances/reminding.ts'
import { announceOccurrences } from './domain/maintenances/repeating.ts'
import { forgetOldScratches } from './domain/scratches/commands.ts'
import { publishDueDrafts, resolveRecovered } from './domain/probes/engine/recovering.ts'
import { closeHours } from './domain/probes/checks/closing.ts'
import { forgetPoints } from './domain/metrics/forgetting.ts'
import { forgetChecks } from './domain/probes/checks/forgetting.ts'
import { forgetDeliveries } from './domain/deliveries/forgetting.ts'
import { watchPromises } from './domain/promises/watch.ts'
import { forgetReports } from './domain/reports/forget.ts'
import { forgetRequests } from './domain/requests/once.ts'
import { noteOverdueActions } from './domain/reviews/overdue.ts'
import { forgetFollowers, forgetUnconfirmed } from './domain/subscribers/forgetting.ts'
import { forgetOldSecrets } from './domain/subscribers/secrets.ts'
import { answerAsks } from './domain/subscribers/signing-up.ts'
import { givenBy, offeredChannels } from './domain/subscribers/channel.ts'
import type { Job } from './lib/cron.ts'
import { diskRoom } from './lib/disk.ts'
import { backUpWhenDue } from './outbound/backup/scheduled.ts'
import { heartbeatWatch } from './outbound/heartbeats/watch.ts'
import type { Publication } from './web/shared/publication.ts'

/** Everything that happens by itself. Each job is safe to run twice and safe to miss. */
export function schedule(deps: Deps, publication: Publication): Job[] {
  const { db, clock, heartbeat } = deps
  const heartbeats = heartbeatWatch(deps)
  const alerts = alertWatch({
    ...deps,
    offered: offeredChannels(givenBy(deps.config)),
    backsUp: deps.config.backupTo !== null,
    disk: () =>
      diskRoom(deps.config.dataDir).then(
        ({ problem }) => problem,
        () => 'the data folder cannot be reached',
      ),
  })
  const tellSubscribers = tellingSubscribers(deps)
  return [
    { name: 'publish what happened', every: '* * * * * *', run: () => publication.catchUp() },
    { name: 'compress what is published well', every: '*/5 * * * * *', run: () => publication.settled() },
    { name: 'rehearse a bad day', every: '*/5 * * * * *', run: () => publication.rehearse() },
    { name: 'tell subscribers', every: '* * * * * *', run: tellSubscribers },
    { name: 'let go of what a wrong clock put off', every: '17 */5 * * * *', run: () => releaseWhatRanAhead(deps) },
    { name: 'watch what was promised', every: '* * * * * *', run: () => watchPromises(deps) },
    { name: 'call operators', every: '*/2 * * * * *', run: () => alerts.look() },
    { name: 'watch heartbeats', every: '* * * * * *', run: () => heartbeats.look() },
    { name: 'publish drafts whose time is up', every: '*/2 * * * * *', run: () => publishDueDrafts(deps) },
    { name: 'publish updates whose time is up', every: '*/2 * * * * *', run: () => publishDueUpdates(deps) },
    { name: 'resolve what has recovered', every: '*/5 * * * * *', run: () => resolveRecovered(deps) },
    { name: 'begin and end maintenances', every: '*/2 * * * * *', run: () => advanceMaintenances(deps) },
    { name: 'remind of maintenances', every: '*/5 * * * * *', run: () => remindOfMaintenances(deps) },
    { name: 'announce maintenances that repeat', every: '7 * * * * *', run: () => announceOccurrences(deps) },
    { name: 'note notices whose time has come', every: '*/5 * * * * *', run: () => noteShownNotices(deps) },
    { name: 'prove that writing works', every: '*/5 * * * * *', run: () => heartbeat.beat() },
    { name: 'keep room for words on the disk', every: '*/5 * * * * *', run: () => deps.reserve.look() },
    { name: 'note what is overdue', every: '3 * * * * *', run: () => noteOverdueActions(deps) },
    { name: 'answer who wants to be told', every: '* * * * * *', run: () => answerAsks(deps) },
    { name: 'forget who did not say yes', every: '13 */5 * * * *', run: () => forgetUnconfirmed(deps) },
    { name: 'forget who followed what is over', every: '19 4 * * *', run: () => forgetFollowers(deps) },
    { name: 'forget old secrets of webhooks', every: '23 */5 * * * *', run: () => forgetOldSecrets(deps) },
    { name: 'forget old secrets of own webhooks', every: '27 */5 * * * *', run: () => forgetOldWaySecrets(deps) },
    {
      name: 'forget from where things were done',
      every: '41 * * * *',
      run: () => forgetAddresses(db, clock, deps.config.addressDays),
    },
    { name: 'forget who reported', every: '1 * * * *', run: () => forgetReports(db, clock) },
    { name: 'forget answers to requests', every: '5 * * * *', run: () => forgetRequests(db, clock) },
    { name: 'pack the checks of an hour', every: '2 * * * *', run: () => closeHours(db, clock) },
    { name: 'forget what nobody went on writing', every: '23 * * * *', run: () => forgetOldScratches(db, clock) },
    { name: 'forget old values of metrics', every: '29 * * * *', run: () => forgetPoints(db, clock) },
    { name: 'forget for what operators were called long ago', every: '43 * * * *', run: () => forgetAlerts(deps) },
    { name: 'forget who was told long ago', every: '37 * * * *', run: () => forgetDeliveries(deps) },
    { name: 'forget sessions that are over', every: '*/5 * * * *', run: () => forgetSessions(deps) },
    { name: 'back up', every: '11 * * * * *', run: () => backUpWhenDue(deps) },
    { name: 'forget old checks', every: '17 * * * *', run: () => forgetChecks(db, clock) },
  ]
}
