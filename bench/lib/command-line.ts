import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const program = join(import.meta.dirname, '..', '..', 'bin', 'espectro.mjs')

/** Runs `espectro` on a library, as a person would, and gives what it says in the end. */
export async function espectro(library: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, [program, '--library', library, '--json', ...args], { maxBuffer: 1 << 28 }).catch((cause: { stdout?: string }) => ({ stdout: cause.stdout ?? '' }))
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>
  if (last['type'] !== 'result') throw new Error(`espectro ${args.join(' ')}: ${JSON.stringify(last)}`)
  return last
}
