/**
 * Reading recordings: inspection (hash and header), decoding, and resampling, beside libsndfile and libsoxr in the
 * same run (PYTHON names a Python that has soundfile and soxr). The recordings are those of the Free Spoken Digit
 * Dataset; both sides use as many workers as the machine runs at once.
 */
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createDecodePool, resample } from '../src-main/audio/index.ts'
import { createRandom, unwrap } from '../src-main/kit/index.ts'
import { findFsdd } from './lib/fsdd.ts'
import { alternate } from './lib/measure.ts'
import { findPython, runPython } from './lib/python.ts'

type Peer = (...args: (string | number)[]) => number

const python = findPython(['soundfile', 'soxr'])
const peer: Peer | null =
  python === null ? null : (...args) => runPython<{ seconds: number }>(python, [join(import.meta.dirname, 'peers', 'audio.py'), ...args.map(String)]).seconds

/** Prints our rate and, where there is a peer, the ratio to its rate; `amount` is the work of one turn. */
async function compare(name: string, unit: string, amount: number, ours: () => Promise<number>, theirs: (() => number) | null) {
  await ours()
  const { a, b, ratio } = await alternate(3, ours, theirs ? async () => theirs() : ours)
  const rate = (seconds: number) => `${(amount / seconds).toFixed(0)} ${unit}`
  console.log(theirs ? `${name}: ${rate(a)}; peer ${rate(b)}; ratio ${ratio.toFixed(2)}` : `${name}: ${rate(a)}`)
}

const timed = async (work: () => Promise<void>): Promise<number> => {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

const workers = availableParallelism()
const folder = findFsdd()
if (folder === null) console.log('FSDD is not here (ESPECTRO_FSDD): inspection and decoding are left out')
else {
  const paths = readdirSync(folder).filter((f) => f.endsWith('.wav')).sort().map((f) => join(folder, f))
  await using pool = createDecodePool({ workers })
  const inspect = () => timed(async () => {
    for await (const result of pool.inspectAll(paths)) unwrap(result)
  })
  const decode = (sampleRate: number) => () => timed(async () => {
    for await (const result of pool.decodeAll(paths.map((path) => ({ path, sampleRate })))) unwrap(result)
  })
  const sides = `${workers} workers, peer libsndfile`
  await compare(`hash and header (${sides})`, 'files/s', paths.length, inspect, peer && (() => peer('inspect', folder, workers)))
  await compare(`decoding (${sides})`, 'files/s', paths.length, decode(8000), peer && (() => peer('decode', folder, workers)))
  await compare(`decoding and resampling to 16 kHz (${sides} and soxr VHQ)`, 'files/s', paths.length, decode(16_000), peer && (() => peer('resample', folder, workers)))
}

const random = createRandom(1)
for (const [from, to] of [[44_100, 16_000], [48_000, 16_000], [22_050, 16_000], [8_000, 16_000], [96_000, 16_000]] as const) {
  const seconds = 20
  const noise = Float32Array.from({ length: from * seconds }, () => random.next() - 0.5)
  const ours = () => timed(async () => void resample(noise, from, to))
  await compare(`resampling ${from} to ${to} Hz (one thread, peer soxr VHQ)`, '× real time', seconds, ours, peer && (() => peer('rate', from, to, seconds)))
}
