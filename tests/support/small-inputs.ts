/** Every architecture that comes with Espectro on about the smallest input that it takes, for tests of training. */
import { architectures, type Architecture } from '../../src-main/nn/index.ts'

const SMALL: Readonly<Record<string, readonly [number, number, number]>> = {
  lenet5: [1, 20, 22],
  'lenet5-1998': [1, 32, 32],
  mlp: [1, 6, 7],
  'resnet-small': [1, 17, 20],
  'alexnet-small': [1, 32, 33],
  alexnet: [1, 67, 67],
  'vgg-small': [1, 16, 18],
  m5: [1, 1, 1100],
  gru: [1, 6, 7],
  lstm: [1, 6, 7],
  crnn: [1, 8, 40],
  'matchboxnet-3x1x64': [1, 64, 16],
}
const FAMILIES = [
  ['tc-resnet', [1, 10, 19]],
  ['ds-cnn', [1, 8, 12]],
  ['bc-resnet', [1, 40, 9]],
  ['kwt', [1, 6, 7]],
] as const

export interface SmallNetwork {
  readonly name: string
  /** For any input: AlexNet's one size has too many parameters for a test. */
  readonly architecture: Architecture
  readonly inputShape: readonly [number, number, number]
}

export const smallNetworks: readonly SmallNetwork[] = [...architectures.values()].map((architecture) => {
  const { name } = architecture
  const inputShape = SMALL[name] ?? FAMILIES.find(([family]) => name.startsWith(family))?.[1]
  if (!inputShape) throw new Error(`tests/support/small-inputs.ts has no input for ${name}`)
  return { name, architecture: { ...architecture, input: 'any' }, inputShape }
})
