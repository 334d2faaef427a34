/** Run as a child process with a WebGPU driver: a state that is counted up on the device, three times. */
import { unwrap } from '../../../src-main/kit/index.ts'
import * as nn from '../../../src-main/nn/index.ts'
import { createSession, floats, livingSessions, tensor } from '../../../src-main/runtime/index.ts'

export interface ResidentReport {
  readonly locations: readonly string[]
  readonly sums: readonly number[]
  readonly read: readonly number[]
  readonly readAgain: readonly number[]
  /** What is said when the numbers are taken without reading. */
  readonly refused: string
  readonly living: number
}

async function countUp(): Promise<Omit<ResidentReport, 'living'>> {
  const g = new nn.Graph({ target: 'webgpu' })
  const w = g.input('w', [3])
  g.output('next.w', nn.add(g, w, g.scalar(1)))
  g.output('sum', nn.sum(g, w))
  await using session = unwrap(await createSession(nn.toOnnx(g), { device: 'webgpu', keepOnDevice: ['next.w'], noFallback: true }))
  const [locations, sums]: [string[], number[]] = [[], []]
  let state = tensor(Float32Array.of(1, 2, 3), [3])
  for (let step = 0; step < 3; step++) {
    const results = await session.run({ w: state })
    state[Symbol.dispose]()
    state = results['next.w']!
    locations.push(state.location)
    sums.push(floats(results['sum']!)[0]!)
  }
  const numbers = async () => Array.from(floats((await session.read({ w: state }))['w']!))
  const [read, readAgain] = [await numbers(), await numbers()]
  let refused = ''
  try {
    floats(state)
  } catch (problem) {
    refused = String(problem)
  }
  state[Symbol.dispose]()
  return { locations, sums, read, readAgain, refused }
}

if (process.send) {
  const report: ResidentReport = { ...(await countUp()), living: livingSessions() }
  process.send(report, () => process.exit(0))
}
