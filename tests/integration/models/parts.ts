/** Exports to test with: every architecture of the table on every front end that fits it, random weights. */
import { assert, createRandom, unwrap } from '../../../src-main/kit/index.ts'
import { FRONT_ENDS, frontEndShape, type FrontEndConfig } from '../../../src-main/features/index.ts'
import type { ExportInput } from '../../../src-main/models/index.ts'
import { architectures, initialiseNetwork, parseArchitecture, planNetwork, type Architecture } from '../../../src-main/nn/index.ts'

export const labels = ['zero', 'uno', 'señal', 'four', '_silence_']

/** A network of layers that the table's architectures may lack: residual blocks, normalisation with statistics. */
const residual = unwrap(
  parseArchitecture({
    name: 'small-normalised',
    title: 'A small residual network',
    input: 'any',
    layers: [
      { type: 'conv2d', filters: 4, kernel: 3, padding: 'same' },
      { type: 'batchNorm' },
      { type: 'relu' },
      { type: 'globalAvgPool' },
      { type: 'linear', units: 'classes' },
    ],
  }),
)

export const testedArchitectures: readonly Architecture[] = [...architectures.values(), residual]

/** Weights as after some training: the initial ones moved by a fifth, statistics included, no bias left at zero. */
export function exportInput(architecture: Architecture, frontEnd: FrontEndConfig, seed = 1): ExportInput | undefined {
  const planned = planNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes: labels.length })
  if (!planned.ok) return undefined
  const random = createRandom(`weights ${seed}`)
  const weights = initialiseNetwork(planned.value, seed)
  for (const values of weights.values()) for (let i = 0; i < values.length; i++) values[i] = values[i]! * (1 + 0.2 * random.normal()) + 0.01 * random.normal()
  return {
    architecture,
    weights,
    frontEnd,
    labels,
    normalisation: frontEnd.normalise === 'dataset' ? datasetNormalisation(frontEnd) : null,
    provenance: { dataset: 'noises', run: 'run-1' },
    metrics: { 'test.accuracy': 0.5 },
  }
}

function datasetNormalisation(frontEnd: FrontEndConfig) {
  const [, height] = frontEndShape(frontEnd)
  const groups = frontEnd.normalisePer === 'bin' ? height : 1
  return { mean: Array.from({ length: groups }, (_, i) => 0.1 * i - 1), std: Array.from({ length: groups }, (_, i) => 1 + 0.05 * i) }
}

/** These meet every front end that fits; the others only the first that does. */
const THOROUGH: ReadonlySet<string> = new Set(['lenet5', 'lenet5-1998', 'mlp', 'gru', residual.name])

/** Every architecture, every front end, and both kinds of dataset normalisation. */
export function pairs(wanted: (architecture: Architecture) => boolean = () => true): { name: string; input: ExportInput }[] {
  const base = FRONT_ENDS['logmel-64x64']
  const frontEnds: [string, FrontEndConfig][] = [
    ...Object.entries(FRONT_ENDS),
    ['dataset normalisation', { ...base, normalise: 'dataset' }],
    ['dataset normalisation by bin', { ...base, normalise: 'dataset', normalisePer: 'bin' }],
    ['8 kHz, the loudest part', { ...base, sampleRate: 8000, clip: { ...base.clip, crop: 'energy' } }],
  ]
  return testedArchitectures.filter(wanted).flatMap((architecture) => {
    const all = THOROUGH.has(architecture.name)
    const found: { name: string; input: ExportInput }[] = []
    for (const [name, frontEnd] of frontEnds) {
      const input = all || found.length === 0 ? exportInput(architecture, frontEnd) : undefined
      if (input) found.push({ name: `${architecture.name} on ${name}`, input })
    }
    return found
  })
}

/** Something like speech: a gliding tone in noise. */
export function sound(seconds: number, sampleRate: number, seed: number): Float32Array {
  const random = createRandom(seed)
  const start = random.uniform(200, 900)
  const glide = random.uniform(-300, 800)
  const samples = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    const t = i / sampleRate
    return 0.4 * Math.sin(2 * Math.PI * (start * t + (glide * t * t) / 2)) * Math.min(1, 8 * t) + 0.01 * random.normal()
  })
  assert(samples.length > 0, 'a sound has samples')
  return samples
}
