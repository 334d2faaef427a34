/**
 * An epoch of LeNet-5 over the 2,700 training clips of FSDD (64×64 log-mel, batch 64, AdamW, no augmentation, no
 * validation), as `espectro train` reports it, beside PyTorch over as many clips in memory, in turn, in both of
 * PyTorch's layouts and with one and two threads. PYTHON names one Python with torch, or several with ':' between.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFsdd } from './lib/fsdd.ts'
import { median } from './lib/measure.ts'
import { findPython, runPython } from './lib/python.ts'

const [BATCH, SIDE, CLIPS, EPOCHS, ROUNDS] = [64, 64, 2700, 3, 2]
const project = join(import.meta.dirname, '..')
const recordings = findFsdd()
if (recordings === null) process.exit(0)

const library = mkdtempSync(join(tmpdir(), 'espectro-bench-'))
const threads = Math.min(2, availableParallelism())

/** Runs the command line and returns its result. */
function espectro(...args: string[]): Record<string, unknown> {
  const done = spawnSync(process.execPath, [join(project, 'bin', 'espectro.mjs'), '--library', library, '--json', ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const last = JSON.parse(done.stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>
  if (last['type'] !== 'result') throw new Error(`espectro ${args.join(' ')}: ${JSON.stringify(last)}`)
  return last
}

const epoch = (): number =>
  espectro('train', 'fsdd', '--model', 'lenet5', '--augment', 'none', '--epochs', String(EPOCHS), '--batch', String(BATCH), '--device', 'cpu', '--threads', String(threads))['secondsPerEpoch'] as number

interface Peer {
  readonly seconds: readonly number[]
  readonly version: string
  readonly blas: string
}

try {
  espectro('import', recordings, '--dataset', 'fsdd', '--labels', 'filename', '--link')
  espectro('split', 'fsdd', '--test-where', 'take<5', '--validation', '0')
  const pythons = (process.env['PYTHON']?.split(':') ?? [findPython(['torch'])]).filter((p) => p !== null)
  const ours: number[] = []
  const peers = new Map<string, number[]>()
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(epoch())
    for (const python of pythons)
      for (const layout of ['contiguous', 'channels_last'])
        for (const peerThreads of new Set([1, threads])) {
          const { seconds, version, blas } = runPython<Peer>(python, [join(import.meta.dirname, 'peers', 'training_epoch.py'), ...[peerThreads, layout, CLIPS, BATCH, SIDE, EPOCHS].map(String)])
          const name = `PyTorch ${version} with ${blas}, ${layout}, threads: ${peerThreads}`
          peers.set(name, [...(peers.get(name) ?? []), median(seconds)])
        }
  }
  console.log(`an epoch of LeNet-5 over ${CLIPS} clips, medians of ${ROUNDS} rounds`)
  console.log(`  Espectro, threads: ${threads}: ${median(ours).toFixed(2)} s`)
  for (const [name, seconds] of peers) {
    const ratio = median(seconds.map((s, i) => s / ours[i]!))
    console.log(`  ${name}: ${median(seconds).toFixed(2)} s, Espectro is ${ratio.toFixed(2)} times as fast`)
  }
} finally {
  rmSync(library, { recursive: true, force: true })
}
