/** The architectures that come with Espectro, by name. */
import type { Architecture } from '../network.ts'
import { gru } from './gru.ts'
import { lenet5 } from './lenet5.ts'
import { lenet51998 } from './lenet5-1998.ts'
import { mlp } from './mlp.ts'

export const architectures: ReadonlyMap<string, Architecture> = new Map([lenet5, lenet51998, mlp, gru].map((a) => [a.name, a]))
