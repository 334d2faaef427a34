/** The architectures that come with Espectro, by name. */
import type { Architecture } from '../network.ts'
import { alexnet } from './alexnet.ts'
import { alexnetSmall } from './alexnet-small.ts'
import { bcResnets } from './bc-resnet.ts'
import { crnn } from './crnn.ts'
import { dsCnns } from './ds-cnn.ts'
import { gru } from './gru.ts'
import { kwts } from './kwt.ts'
import { lenet5 } from './lenet5.ts'
import { lenet51998 } from './lenet5-1998.ts'
import { lstm } from './lstm.ts'
import { m5 } from './m5.ts'
import { matchboxnet } from './matchboxnet.ts'
import { mlp } from './mlp.ts'
import { resnetSmall } from './resnet-small.ts'
import { tcResnets } from './tc-resnet.ts'
import { vggSmall } from './vgg-small.ts'

const all: readonly Architecture[] = [
  lenet5,
  lenet51998,
  mlp,
  resnetSmall,
  ...tcResnets,
  ...dsCnns,
  ...bcResnets,
  matchboxnet,
  alexnet,
  alexnetSmall,
  vggSmall,
  m5,
  gru,
  lstm,
  crnn,
  ...kwts,
]

export const architectures: ReadonlyMap<string, Architecture> = new Map(all.map((a) => [a.name, a]))
