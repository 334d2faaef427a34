/** The door for a terminal: `espectro [--library DIR] [--json] COMMAND`. Exit codes: 0 fine, 1 failed, 2 wrong usage. */
import { runCommandLine } from './command-line.ts'

process.exitCode = await runCommandLine(process.argv.slice(2))
