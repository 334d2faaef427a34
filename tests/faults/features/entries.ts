import { clipKey, type FeatureEntry } from '../../../src-main/features/cache.ts'
import { createRandom } from '../../../src-main/kit/index.ts'

/** The n-th clip of every test here: its key and what its features are. */
export function entry(n: number, values: number): FeatureEntry {
  const random = createRandom(`clip ${n}`)
  return { key: clipKey({ recording: 'ab'.repeat(32), start: n, end: n + 100 }), values: Float32Array.from({ length: values }, () => random.normal()) }
}
