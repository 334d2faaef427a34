import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createDecodePool, encodeWav } from '../../audio/index.ts'
import { listClips } from '../../curation/index.ts'
import { ok, type Result } from '../../kit/index.ts'
import type { Handler, Invocation } from '../command-line.ts'
import { duration } from '../console.ts'
import { withLibrary } from '../with-library.ts'
import { exportRun } from './export.ts'
import { importRecordings } from './import.ts'
import { recognise } from './recognise.ts'
import { evaluate } from './runs.ts'
import { split } from './split.ts'
import { train } from './train.ts'

const SAMPLES = join(import.meta.dirname, '..', '..', '..', 'resources', 'samples')
const DATASET = 'digits'
const CLIPS_SHOWN = 6
/** Hz and seconds of the recording that the last step makes of single clips. */
const STREAM_RATE = 16_000
const PAUSE_SECONDS = 0.6

type Fields = Record<string, unknown>

/**
 * The main job from end to end on the embedded sample set, by the same commands that a person types. It works in
 * a folder of its own, which is removed at the end unless `--library` names one to keep.
 */
export const demo: Handler<[]> = async (invocation) => {
  const { console } = invocation
  const begun = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'espectro-demo-'))
  const inside: Invocation = { ...invocation, library: invocation.library ?? join(folder, 'library') }
  const model = join(invocation.library ?? folder, 'digits.onnx')
  let number = 0
  /** Tells a step as the command that does it, and does it. */
  const step = async (command: string, work: () => Promise<Result<Fields>>): Promise<Fields> => {
    number++
    console.say(`\n── ${number}. espectro ${command}`)
    console.event({ type: 'step', number, command })
    const outcome = await work()
    if (!outcome.ok) throw outcome.error
    return outcome.value
  }
  try {
    const imported = await step(`import resources/samples --dataset ${DATASET} --labels filename --pattern '{label}_{speaker}_{take}'`, () =>
      importRecordings(inside, SAMPLES, { dataset: DATASET, labels: 'filename', pattern: '{label}_{speaker}_{take}' }))
    await step(`split ${DATASET} --group speaker --test 0.2 --validation 0.15`, () =>
      split(inside, DATASET, { group: 'speaker', test: 0.2, validation: 0.15, seed: 0 }))
    const trained = await step(`train ${DATASET} --model lenet5 --epochs 30`, () => train(inside, DATASET, { model: 'lenet5', epochs: 30, seed: 0, device: 'cpu', name: 'LeNet-5 on the sample set' }))
    const run = String(trained['run'])
    const evaluated = await step(`evaluate ${run} --split test`, () => evaluate(inside, run, { split: 'test' }))
    await step(`export ${run} --out digits.onnx`, () => exportRun(inside, run, { out: model }))
    const { clips, long } = await testRecordings(inside, folder)
    await step(`recognise digits.onnx ${clips.map((c) => basename(c)).join(' ')}`, () => recognise(inside, model, clips, { format: 'text' }))
    await step('recognise digits.onnx several-words.wav --stream', () => recognise(inside, model, [long], { format: 'text', stream: true }))
    const seconds = (performance.now() - begun) / 1000
    console.say(`\nDone in ${duration(seconds)}: from recordings to a recogniser, on this machine alone.`)
    if (invocation.library !== undefined) console.say(`The library is kept in ${invocation.library}, the model is ${model}.`)
    return ok({ seconds, clips: imported['added'], run, accuracy: evaluated['accuracy'], macroF1: evaluated['macroF1'] })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Some clips of voices that training never heard, copied under names that tell, and one recording of them all. */
async function testRecordings(invocation: Invocation, folder: string): Promise<{ clips: string[]; long: string }> {
  const made = await withLibrary(async (library) => {
    const listed = listClips(library, DATASET)
    if (!listed.ok) return listed
    const test = listed.value.filter((c) => c.split === 'test')
    const chosen = Array.from({ length: CLIPS_SHOWN }, (_, i) => test[Math.floor((i * test.length) / CLIPS_SHOWN)]!)
    const clips: string[] = []
    const pause = new Float32Array(STREAM_RATE * PAUSE_SECONDS)
    const sounds: Float32Array[] = [pause]
    await using pool = createDecodePool({ workers: 1 })
    for (const [i, clip] of chosen.entries()) {
      const sound = await pool.decode({ path: clip.path, sampleRate: STREAM_RATE })
      if (!sound.ok) return sound
      const file = join(folder, `${clip.label}-${i + 1}.wav`)
      await writeFile(file, encodeWav(sound.value.samples, STREAM_RATE))
      clips.push(file)
      sounds.push(sound.value.samples, pause)
    }
    const long = join(folder, 'several-words.wav')
    await writeFile(long, encodeWav(joined(sounds), STREAM_RATE))
    return ok({ clips, long })
  })(invocation)
  if (!made.ok) throw made.error
  return made.value as { clips: string[]; long: string }
}

function joined(sounds: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(sounds.reduce((n, s) => n + s.length, 0))
  let at = 0
  for (const sound of sounds) {
    all.set(sound, at)
    at += sound.length
  }
  return all
}
