/** So many failures at once have one cause, until somebody finds another. */
const [fewest, share] = [5, 0.3]

/** Whether so many probes began to fail within one interval that one should first ask whether it is our own fault. */
export function isMassFailure(failing: number, enabled: number): boolean {
  return failing >= fewest && failing > enabled * share
}
