/** A tiny dataset of pure tones in noise, made on the spot: three pitches, one class each. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeWav } from '../../src-main/audio/index.ts'
import { AUGMENT_POLICIES } from '../../src-main/augment/index.ts'
import { parseFrontEnd } from '../../src-main/features/index.ts'
import { createRandom, hashBytes, unwrap } from '../../src-main/kit/index.ts'
import { parseArchitecture } from '../../src-main/nn/index.ts'
import type { TrainingClip, TrainingJob, TrainingSettings } from '../../src-main/training/index.ts'

export const LABELS = ['low', 'middle', 'high']
const PITCHES = [400, 900, 2000] // Hz
const RATE = 8000

export function makeToneClips(folder: string, perClass = { train: 12, validation: 4, test: 4 }): TrainingClip[] {
  mkdirSync(folder, { recursive: true })
  const random = createRandom('tones')
  const clips: TrainingClip[] = []
  for (const split of ['train', 'validation', 'test'] as const) {
    for (let label = 0; label < LABELS.length; label++) {
      for (let n = 0; n < perClass[split]; n++) {
        const length = 1600 + random.int(1600)
        const pitch = PITCHES[label]! * random.uniform(0.95, 1.05)
        const samples = Float32Array.from({ length }, (_, i) => 0.3 * Math.sin((2 * Math.PI * pitch * i) / RATE) + 0.02 * random.normal())
        const bytes = encodeWav(samples, RATE)
        const path = join(folder, `${LABELS[label]}_${split}_${n}.wav`)
        writeFileSync(path, bytes)
        clips.push({ id: clips.length, contentKey: hashBytes(bytes), path, startSample: 0, endSample: length, sampleRate: RATE, label, split })
      }
    }
  }
  return clips
}

export const SETTINGS: TrainingSettings = {
  frontEnd: unwrap(
    parseFrontEnd({
      version: 1,
      kind: 'logmel',
      sampleRate: RATE,
      clip: { seconds: 0.25 },
      mel: { bands: 16 },
      log: { unit: 'db', reference: 'max', topDb: 60 },
      scale: { low: -60, high: 0 },
      normalise: 'dataset',
    }),
  ),
  architecture: unwrap(
    parseArchitecture({
      name: 'tiny',
      title: 'A tiny network',
      input: 'any',
      layers: [
        { type: 'conv2d', filters: 4, kernel: 3 },
        { type: 'batchNorm' },
        { type: 'relu' },
        { type: 'maxPool', kernel: 2 },
        { type: 'flatten' },
        { type: 'dropout', rate: 0.2 },
        { type: 'linear', units: 'classes' },
      ],
    }),
  ),
  augment: AUGMENT_POLICIES.specaugment,
  loss: { type: 'crossEntropy', labelSmoothing: 0.05 },
  optimizer: { type: 'adamw' },
  schedule: { type: 'oneCycle', rate: 0.01 },
  clipNorm: null,
  epochs: 8,
  batch: 8,
  seed: 1,
  bestMetric: 'loss',
  patience: null,
  select: 'best',
}

/** Without batch normalisation and with few parameters, so that its batches are divided where there are threads. */
export const SEPARABLE = unwrap(
  parseArchitecture({
    name: 'separable',
    title: 'A tiny network without running statistics',
    input: 'any',
    layers: [
      { type: 'conv2d', filters: 8, kernel: 3 },
      { type: 'relu' },
      { type: 'globalAvgPool' },
      { type: 'dropout', rate: 0.2 },
      { type: 'linear', units: 'classes' },
    ],
  }),
)

export function toneJob(folder: string, clips: readonly TrainingClip[], settings: Partial<TrainingSettings> = {}, job: Partial<TrainingJob> = {}): TrainingJob {
  return {
    version: 1,
    labels: LABELS,
    clips: [...clips],
    settings: { ...SETTINGS, ...settings },
    device: 'cpu',
    threads: 1,
    folders: { run: join(folder, 'run'), features: join(folder, 'features') },
    resume: false,
    earlierEpochs: [],
    test: true,
    checkpointSeconds: 30,
    logEvery: 1,
    ...job,
  }
}
