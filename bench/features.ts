/**
 * The default front end: seconds of audio a second, beside librosa in the same run (PYTHON names a Python that has
 * it); and decoding plus features of the whole Free Spoken Digit Dataset.
 */
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createDecodePool } from '../src-main/audio/index.ts'
import { clipSamples, computeFeatures, createFittedFrontEndModel, DEFAULT_FRONT_END, loadFrontEnd, type FrontEndConfig, type FrontEndRunner } from '../src-main/features/index.ts'
import { createRandom, unwrap } from '../src-main/kit/index.ts'
import { createSession, floats, tensor, type Session } from '../src-main/runtime/index.ts'
import { findFsdd } from './lib/fsdd.ts'
import { alternate } from './lib/measure.ts'
import { findPython, runPython } from './lib/python.ts'

const CLIPS = 512
const runner = (session: Session): FrontEndRunner => async (waveforms, shape) => floats((await session.run({ waveform: tensor(waveforms, shape) }))['features']!)
const openSession = async (config: FrontEndConfig, threads: number) => unwrap(await createSession(createFittedFrontEndModel(config), { device: 'cpu', threads }))

const python = findPython(['librosa'])
const random = createRandom(1)
for (const rate of [8000, 16_000]) {
  const config = unwrap(loadFrontEnd(DEFAULT_FRONT_END, { datasetSampleRate: rate }))
  const samples = clipSamples(config)
  const clips = Array.from({ length: CLIPS }, () => Float32Array.from({ length: samples }, () => 2 * random.next() - 1))
  const audio = (CLIPS * samples) / rate
  for (const threads of new Set([1, availableParallelism()])) {
    await using session = await openSession(config, threads)
    const ours = async () => {
      const start = performance.now()
      await computeFeatures(clips, config, runner(session))
      return (performance.now() - start) / 1000
    }
    await ours()
    const name = `${DEFAULT_FRONT_END} at ${rate} Hz, threads: ${threads}`
    if (python === null) {
      console.log(`${name}: ${(audio / (await alternate(5, ours, ours)).a).toFixed(0)} s of audio a second`)
      continue
    }
    const limits = Object.fromEntries(['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'].map((variable) => [variable, String(threads)]))
    let versions = ''
    const theirs = async () => {
      const peer = runPython<{ seconds: number[]; librosa: string; numpy: string }>(python, [join(import.meta.dirname, 'peers', 'features.py'), rate, samples, CLIPS, 3].map(String), limits)
      versions = `librosa ${peer.librosa}, numpy ${peer.numpy}`
      return Math.min(...peer.seconds)
    }
    const { a, b, ratio } = await alternate(3, async () => Math.min(await ours(), await ours(), await ours()), theirs)
    console.log(`${name}: ${(audio / a).toFixed(0)} s of audio a second; ${versions}: ${(audio / b).toFixed(0)}; ratio ${ratio.toFixed(2)}`)
  }
}

const folder = findFsdd()
if (folder !== null) {
  const paths = readdirSync(folder).filter((f) => f.endsWith('.wav')).sort().map((f) => join(folder, f))
  const config = unwrap(loadFrontEnd(DEFAULT_FRONT_END, { datasetSampleRate: 8000 }))
  for (const round of ['first', 'second']) {
    const start = performance.now()
    await using pool = createDecodePool({ workers: availableParallelism() })
    await using session = await openSession(config, 1)
    const ready = performance.now()
    let [count, waiting] = [0, [] as Float32Array[]]
    const flush = async () => {
      count += (await computeFeatures(waiting, config, runner(session))).length
      waiting = []
    }
    for await (const sound of pool.decodeAll(paths.map((path) => ({ path, sampleRate: config.sampleRate })))) {
      waiting.push(unwrap(sound).samples)
      if (waiting.length === 32) await flush()
    }
    await flush()
    const end = performance.now()
    console.log(`${count} clips of FSDD decoded and turned into features, ${round} time: ${((end - start) / 1000).toFixed(2)} s, of them ${((ready - start) / 1000).toFixed(2)} s to start`)
  }
}
