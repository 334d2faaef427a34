import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { createExplanation, parseArchitecture } from '../../../src-main/nn/index.ts'
import { createSession, floats, tensor } from '../../../src-main/runtime/index.ts'

interface Reference {
  readonly logits: readonly number[]
  readonly gradCam: readonly { readonly layer: string; readonly class: number; readonly cam: readonly number[]; readonly atInput: readonly number[] }[]
  readonly saliency: readonly (readonly number[])[]
}
/** PyTorch's automatic differentiation, in double precision: `make-reference.py`. */
const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'explanation.json'), 'utf8')) as Reference

let state = 31
const values = (count: number, scale = 1): Float32Array =>
  Float32Array.from({ length: count }, () => {
    state = (state * 1664525 + 1013904223) % 4294967296
    return scale * (2 * (state / 4294967296) - 1)
  })
const x = values(120)
const weights = {
  'conv1.weight': [values(36), [4, 1, 3, 3]], 'conv1.bias': [values(4), [4]],
  'conv2.weight': [values(180), [5, 4, 3, 3]], 'conv2.bias': [values(5), [5]],
  'linear1.weight': [values(450, 0.2), [150, 3]], 'linear1.bias': [values(3), [3]],
} as const
const architecture = unwrap(parseArchitecture({
  name: 'small', title: 'A small network', input: 'any',
  layers: [
    { type: 'conv2d', filters: 4, kernel: 3, padding: 1 }, { type: 'relu' }, { type: 'maxPool', kernel: 2 },
    { type: 'conv2d', filters: 5, kernel: 3, padding: 1 }, { type: 'relu' }, { type: 'flatten' }, { type: 'linear', units: 'classes' },
  ],
}))

async function explain(chosen: number, gradCam?: string): Promise<Record<string, number[]>> {
  const { model } = unwrap(createExplanation({ architecture, inputShape: [1, 12, 10], classes: 3, ...(gradCam === undefined ? {} : { gradCam }) }))
  await using session = unwrap(await createSession(model, { device: 'cpu', threads: 1 }))
  const oneHot = Float32Array.from({ length: 3 }, (_, k) => Number(k === chosen))
  const outputs = await session.run({
    x: tensor(x, [1, 1, 12, 10]), class: tensor(oneHot, [1, 3]),
    ...Object.fromEntries(Object.entries(weights).map(([name, [data, shape]]) => [name, tensor(data, shape)])),
  })
  return Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, [...floats(t)]]))
}
const close = (found: readonly number[], wanted: readonly number[]): void => {
  expect(found.length).toBe(wanted.length)
  const scale = Math.max(...wanted.map(Math.abs))
  found.forEach((v, i) => expect(Math.abs(v - wanted[i]!), `value ${i}`).toBeLessThan(5e-6 * scale))
}

describe('explanations against PyTorch', () => {
  it.each(reference.gradCam.map((c) => [c.layer, c.class, c] as const))('Grad-CAM of %s for class %s, and enlarged over the input', async (layer, chosen, wanted) => {
    const found = await explain(chosen, layer)
    expect(Math.max(...wanted.cam)).toBeGreaterThan(0)
    close(found['cam']!, wanted.cam)
    close(found['camAtInput']!, wanted.atInput)
    close(found['logits']!, reference.logits)
  })

  it.each(reference.saliency.map((wanted, k) => [k, wanted] as const))('saliency for class %s', async (chosen, wanted) => {
    close((await explain(chosen))['saliency']!, wanted)
  })

  it('a layer without images has no Grad-CAM, an unknown one is named', () => {
    const request = { architecture, inputShape: [1, 12, 10], classes: 3 }
    expect(createExplanation({ ...request, gradCam: 'flatten1' })).toMatchObject({ ok: false, error: { code: 'INVALID', message: expect.stringContaining('flatten1 gives 150') } })
    expect(createExplanation({ ...request, gradCam: 'conv9' })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND', message: 'small has no layer conv9' } })
  })
})
