/** Whether sessions of this build take memory that threads share, as inputs and for their outputs. */
import { unwrap } from '../kit/index.ts'
import { Graph, scale, toOnnx } from '../nn/index.ts'
import { createSession } from './session.ts'
import { tensor } from './tensor.ts'

let known: Promise<boolean> | undefined

/** Tried once in a process: N-API does not promise it, and Node and Electron differ. */
export const takesSharedMemory = (): Promise<boolean> => (known ??= tryShared())

async function tryShared(): Promise<boolean> {
  const g = new Graph()
  g.output('twice', scale(g, g.input('x', [2]), 2))
  await using session = unwrap(await createSession(toOnnx(g), { device: 'cpu', threads: 1 }))
  const memory = new SharedArrayBuffer(16)
  const [x, twice] = [new Float32Array(memory, 0, 2), new Float32Array(memory, 8, 2)]
  x.set([3, -5])
  try {
    await session.run({ x: tensor(x, [2]) }, { twice: tensor(twice, [2]) })
  } catch {
    return false
  }
  return twice[0] === 6 && twice[1] === -10
}
