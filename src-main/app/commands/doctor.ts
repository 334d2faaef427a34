import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { checkLibrary, openLibrary } from '../../catalog/index.ts'
import { ok } from '../../kit/index.ts'
import { listDevices } from '../../runtime/index.ts'
import type { Handler } from '../command-line.ts'
import { libraryFolderOf } from '../with-library.ts'

interface Finding {
  readonly what: string
  readonly state: 'fine' | 'missing' | 'problem'
  readonly says: string
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

/** What works on this machine and what does not. A missing optional thing is no failure; a problem is. */
export const doctor: Handler<[unknown]> = async (invocation) => {
  const { console } = invocation
  const findings: Finding[] = []
  const tell = (what: string, state: Finding['state'], says: string) => {
    findings.push({ what, state, says })
    console.say(`${{ fine: '✓', missing: '–', problem: '✗' }[state]} ${what}: ${says}`)
  }
  tell('Node', Number(process.versions.node.split('.')[0]) >= 24 ? 'fine' : 'problem', process.version)
  tell('machine', 'fine', `${process.platform} ${process.arch}, ${availableParallelism()} processors, ${gibibytes(totalmem())} of memory`)
  for (const device of await listDevices()) tell(`device ${device.device}`, device.available ? 'fine' : 'missing', device.reason)
  tell('ffmpeg', ...ffmpeg())
  for (const [what, state, says] of await library(libraryFolderOf(invocation))) tell(what, state, says)
  return ok({ healthy: findings.every((f) => f.state !== 'problem'), findings })
}

function ffmpeg(): [Finding['state'], string] {
  const found = spawnSync('ffmpeg', ['-version'], { encoding: 'utf8' })
  if (found.status === 0) return ['fine', found.stdout.split('\n')[0]!.split(' Copyright')[0]!]
  return ['missing', 'not on the PATH: M4A and AAC files cannot be read; every other format can']
}

type Row = [what: string, state: Finding['state'], says: string]

async function library(folder: string): Promise<Row[]> {
  if (!existsSync(folder)) return [['library', 'missing', `${folder} is not there yet; the first import makes it`]]
  try {
    accessSync(folder, constants.R_OK | constants.W_OK)
  } catch {
    return [['library', 'problem', `${folder} cannot be written: check its permissions`]]
  }
  const { bavail, bsize } = statfsSync(folder)
  const disk: Row = ['disk', 'fine', `${gibibytes(bavail * bsize)} free at ${folder}`]
  const opened = openLibrary(folder, { create: false })
  if (!opened.ok) return [disk, ['library', opened.error.code === 'NOT_FOUND' ? 'missing' : 'problem', [opened.error.message, opened.error.hint ?? ''].join(' ').trim()]]
  using open = opened.value
  const checked = await checkLibrary(open, { sweep: true })
  if (!checked.ok) return [disk, ['library', 'problem', checked.error.message]]
  const { problems, recordings } = checked.value
  const left = problems.filter((p) => !p.repaired)
  return [
    disk,
    ...problems.filter((p) => p.repaired).map((p): Row => ['library', 'fine', `put right: ${p.message}`]),
    ...left.map((p): Row => ['library', 'problem', [p.message, p.hint ?? ''].join(' ').trim()]),
    ...(left.length === 0 ? [['library', 'fine', `${folder}: catalog and the files of ${recordings} recordings are whole`] as Row] : []),
  ]
}
