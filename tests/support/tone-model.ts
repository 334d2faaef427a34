/**
 * A recogniser that needs no training: its weights say that energy at 500 Hz in the middle of a clip is `low`,
 * at 3 kHz `high`, and neither is `_silence_`.
 */
import { unwrap } from '../../src-main/kit/index.ts'
import { FRONT_ENDS } from '../../src-main/features/index.ts'
import { exportModel, type ExportInput } from '../../src-main/models/index.ts'
import { initialiseNetwork, parseArchitecture, planNetwork } from '../../src-main/nn/index.ts'

export const toneLabels = ['low', 'high', '_silence_'] as const
export const toneFrequency = { low: 500, high: 3000 } as const

export function toneModelInput(): ExportInput {
  const frontEnd = FRONT_ENDS['logmel-64x64']
  const architecture = unwrap(
    parseArchitecture({ name: 'tones', title: 'Two tones', input: 'any', layers: [{ type: 'flatten' }, { type: 'linear', units: 'classes' }] }),
  )
  const network = unwrap(planNetwork({ architecture, inputShape: [1, 64, 64], classes: toneLabels.length }))
  const weights = initialiseNetwork(network, 0)
  const [weightName, biasName] = [...weights.keys()]
  const [weight, bias] = [weights.get(weightName!)!.fill(0), weights.get(biasName!)!.fill(0)]
  const spec = network.parameters[0]!
  const classFirst = spec.shape[0] === toneLabels.length
  for (const [c, hz] of Object.values(toneFrequency).entries()) {
    const band = melBand(hz)
    for (const bin of [band - 1, band, band + 1])
      for (let frame = 28; frame < 36; frame++) {
        const i = bin * 64 + frame
        weight[classFirst ? c * 4096 + i : i * toneLabels.length + c] = 0.5
      }
  }
  bias[2] = 2
  return { architecture, weights, frontEnd, labels: toneLabels, normalisation: null, name: 'tones' }
}

export const toneModel = (): Uint8Array => unwrap(exportModel(toneModelInput()))

/** Which of 64 bands of Slaney's scale to 8 kHz has its middle nearest (linear to 1 kHz, then logarithmic). */
function melBand(hz: number): number {
  const mel = (f: number) => (f < 1000 ? (f * 3) / 200 : 15 + (Math.log(f / 1000) * 27) / Math.log(6.4))
  return Math.round((mel(hz) / mel(8000)) * 65) - 1
}

/** A tone with soft edges, added to `samples` from `start` for `seconds`. */
export function addTone(samples: Float32Array, sampleRate: number, hz: number, start: number, seconds: number): void {
  const first = Math.round(start * sampleRate)
  const count = Math.round(seconds * sampleRate)
  for (let i = 0; i < count; i++) {
    const edge = Math.min(1, i / 160, (count - i) / 160)
    samples[first + i]! += 0.3 * edge * Math.sin((2 * Math.PI * hz * i) / sampleRate)
  }
}
