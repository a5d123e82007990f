/** The number of the place that is this machine: it is always there. Others count up from it. */
export const here = 0
