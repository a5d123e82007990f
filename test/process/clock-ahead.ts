// Preloaded into a process: its clock runs so many milliseconds ahead of the machine's, as after a time in which it slept.
const now = Date.now
const ahead = Number(process.env['TEST_CLOCK_AHEAD'] ?? 0)
Date.now = () => now() + ahead
