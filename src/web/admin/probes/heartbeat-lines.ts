/** How something says that it lives, to be copied. */
export interface CallingLines {
  readonly title: string
  readonly note: string | null
  readonly text: string
}

/** Tries again for half a minute, so that a restart of ours costs nobody a sign of life. */
const curl = 'curl -fsS -m 10 --retry 5 -o /dev/null'

export function callingLines(address: string): CallingLines[] {
  return [
    {
      title: 'From a shell',
      note: 'With the exit code of what ran before: 0 is well, everything else is a failure.',
      text: `/usr/local/bin/backup.sh; ${curl} ${address}/$?`,
    },
    {
      title: 'From cron',
      note: null,
      text: `30 3 * * * /usr/local/bin/backup.sh; ${curl} ${address}/$?`,
    },
    {
      title: 'With how long it took, and the end of what it wrote',
      note: 'Only you see what it writes, and only the last time; at most 10,000 bytes of it are kept.',
      text: [
        `${curl} ${address}/start`,
        'output=$(/usr/local/bin/backup.sh 2>&1); code=$?',
        `printf %s "$output" | tail -c 10000 | ${curl} --data-binary @- ${address}/$code`,
      ].join('\n'),
    },
    {
      title: 'From systemd',
      note: 'In the unit of the service.',
      text: [
        '[Service]',
        `ExecStartPre=-/usr/bin/${curl} ${address}/start`,
        'ExecStart=/usr/local/bin/backup.sh',
        `ExecStopPost=-/bin/sh -c '[ "$$SERVICE_RESULT" = success ] && how=0 || how=fail; ${curl} ${address}/$$how'`,
      ].join('\n'),
    },
    {
      title: 'From GitHub Actions',
      note: 'As the last step. Keep the address in a secret called HEARTBEAT: whoever knows it can say that all is well.',
      text: [
        '- name: Say how it went',
        '  if: always()',
        `  run: ${curl} "\${{ secrets.HEARTBEAT }}/\${{ job.status == 'success' && '0' || 'fail' }}"`,
      ].join('\n'),
    },
  ]
}
