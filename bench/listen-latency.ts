/**
 * Listening on one core, a piece of sound every 20 ms. First what it costs: what share of a core a model takes while
 * words are spoken. Then, with a LeNet-5 that is trained here on real digits and knows nothing but words: how often a
 * word is told, how long after its end, and what is told in noise. Sound is pushed through as fast as it goes; the time
 * that an event waits for sound is counted in sound, the time for work by the clock.
 *
 *     npm run bench -- listen-latency -- --epochs 12
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createDecodePool } from '../src-main/audio/index.ts'
import { createRandom, unwrap } from '../src-main/kit/index.ts'
import { FRONT_ENDS, frontEndShape } from '../src-main/features/index.ts'
import { exportModel, writeModel } from '../src-main/models/index.ts'
import { architectures, initialiseNetwork, planNetwork } from '../src-main/nn/index.ts'
import { createLiveRecogniser, liveOptionsSchema, startModelProcess, type LiveOptions } from '../src-main/recognition/index.ts'
import { fsddFiles } from '../tests/support/fsdd.ts'
import { judgeRow, rowOfWords, type Heard } from '../tests/support/word-row.ts'
import { espectro } from './lib/command-line.ts'
import { findFsdd } from './lib/fsdd.ts'
import { median } from './lib/measure.ts'

const { values } = parseArgs({ options: { epochs: { type: 'string', default: '12' } } })
const PIECE = 0.02
const folder = mkdtempSync(join(tmpdir(), 'espectro-bench-'))
const ms = (seconds: number): string => `${(1000 * seconds).toFixed(0)} ms`
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`
const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? NaN

interface Listened {
  /** Times include the work on the piece that they came with. */
  readonly events: readonly Heard[]
  /** Milliseconds of work on each piece, ascending. */
  readonly work: readonly number[]
}

async function listen(path: string, signal: Float32Array, options: Partial<LiveOptions>): Promise<Listened> {
  await using model = unwrap(await startModelProcess(path, { threads: 1 }))
  const live = unwrap(await createLiveRecogniser(model, liveOptionsSchema.parse({ hop: PIECE, ...options })))
  const piece = PIECE * model.info.sampleRate
  const events: Heard[] = []
  const work: number[] = []
  for (let at = 0; at < signal.length; at += piece) {
    const asked = performance.now()
    const told = unwrap(await live.push(signal.subarray(at, at + piece)))
    work.push(performance.now() - asked)
    for (const event of told) if (event.type === 'detection') events.push({ label: event.label, time: event.time + work.at(-1)! / 1000 })
  }
  return { events, work: work.sort((a, b) => a - b) }
}

const MODES = [
  ['sounds', { mode: 'sounds' }],
  ['windows', { mode: 'windows' }],
  ['windows, no gate', { mode: 'windows', gate: 0 }],
] as const satisfies readonly (readonly [string, Partial<LiveOptions>])[]

/** Noise with a word of 0.4 s every 2 s. */
function tones(seconds: number, rate: number): Float32Array {
  const random = createRandom(1)
  return Float32Array.from({ length: seconds * rate }, (_, i) => {
    const t = (i / rate) % 2
    return 0.001 * random.normal() + (t >= 1 && t < 1.4 ? 0.2 * Math.sin(2 * Math.PI * 440 * t) : 0)
  })
}

async function cost(name: string, frontEndName: 'logmel-64x64' | 'logmel-40x101'): Promise<void> {
  const frontEnd = FRONT_ENDS[frontEndName]
  const architecture = architectures.get(name)!
  const labels = Array.from({ length: 10 }, (_, i) => `digit ${i}`)
  const network = unwrap(planNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes: labels.length }))
  const path = join(folder, `${name}.onnx`)
  unwrap(await writeModel(path, unwrap(exportModel({ architecture, weights: initialiseNetwork(network, 0), frontEnd, labels, normalisation: null }))))
  const seconds = 60
  for (const [title, options] of MODES) {
    const { work } = await listen(path, tones(seconds, 16_000), options)
    const share = work.reduce((a, b) => a + b, 0) / (1000 * seconds)
    console.log(`${name} on ${frontEndName}, ${title}: ${median(work).toFixed(2)} ms a piece (99 % under ${quantile(work, 0.99).toFixed(1)}), ${percent(share)} of a core, waiting included (aim: under 10)`)
  }
}

/** Five minutes of white noise; and of noise that swells by 6 dB either way every ten seconds. */
function noises(rate: number): readonly (readonly [string, Float32Array])[] {
  const random = createRandom(3)
  const make = (gain: (t: number) => number) => Float32Array.from({ length: 300 * rate }, (_, i) => 0.003 * gain(i / rate) * random.normal())
  return [['steady noise', make(() => 1)], ['noise that swells', make((t) => 10 ** ((6 / 20) * Math.sin((2 * Math.PI * t) / 10)))]]
}

async function words(): Promise<void> {
  const recordings = findFsdd()
  if (recordings === null) return
  const library = join(folder, 'library')
  await espectro(library, 'import', recordings, '--dataset', 'fsdd', '--labels', 'filename', '--pattern', '{label}_{speaker}_{take}', '--link')
  await espectro(library, 'split', 'fsdd', '--test-where', 'take<5')
  const trained = await espectro(library, 'train', 'fsdd', '--epochs', values.epochs, '--device', 'cpu', '--threads', '1', '--seed', '0')
  const path = join(folder, 'digits.onnx')
  await espectro(library, 'export', String(trained['run']), '--out', path)
  await using pool = createDecodePool({ workers: 1 })
  const rate = 8000
  const spoken = []
  for (const file of createRandom(1).shuffle(fsddFiles((_, __, take) => take < 5)))
    spoken.push({ label: basename(file)[0]!, samples: unwrap(await pool.decode({ path: file, sampleRate: rate })).samples })
  console.log(`\n${spoken.length} test words of FSDD in a row, LeNet-5 of ${values.epochs} epochs, settings as they come`)
  for (const [row, pause, noise] of [['pauses of 0.4 to 1.2 s, noise at -60 dBFS', [0.4, 1.2], -60], ['pauses of 0.2 to 0.6 s, noise at -45 dBFS', [0.2, 0.6], -45]] as const) {
    const made = rowOfWords(spoken, rate, { pause, noise, seed: 1 })
    for (const [title, options] of MODES) {
      const { events } = await listen(path, made.signal, options)
      const { eventsPerWord, once, right, delays } = judgeRow(made, events)
      console.log(`${row}; ${title}: ${eventsPerWord.toFixed(2)} events a word, told once ${percent(once)}, once and rightly ${percent(right)}, known ${ms(median(delays))} after its end (90 % within ${ms(quantile(delays, 0.9))}; aim: under 150)`)
    }
  }
  for (const [name, signal] of noises(rate))
    for (const [title, options] of MODES) {
      const { events } = await listen(path, signal, options)
      console.log(`${name}; ${title}: ${(events.length / (signal.length / rate / 60)).toFixed(1)} false events a minute`)
    }
}

try {
  await cost('lenet5', 'logmel-64x64')
  await cost('tc-resnet8', 'logmel-40x101')
  await words()
} finally {
  rmSync(folder, { recursive: true })
}
