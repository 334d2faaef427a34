/**
 * Run as a child process with a WebGPU driver in its environment: evaluates every operation's cases on the CPU
 * and on WebGPU, with no node allowed to fall back to the CPU, and sends the differences.
 */
import type { OperationName } from '../../../src-main/nn/index.ts'
import type { Device } from '../../../src-main/runtime/index.ts'
import { evaluate, prepare, relativeDifference, type Evaluation } from './gradient-check.ts'
import { CASES, type OperationCase } from './operation-cases.ts'

export interface CaseReport {
  readonly operation: OperationName
  readonly title: string
  /** Of the results and of the gradients, as parts of their sizes. */
  readonly forward: number
  readonly backward: number
  readonly problem?: string
}

async function evaluateOn(c: OperationCase, device: Device): Promise<Evaluation> {
  const problem = await prepare(c, device, device === 'webgpu')
  const evaluation = await evaluate(c, problem)
  await problem.session[Symbol.asyncDispose]()
  return evaluation
}

const worst = (actual: readonly Float32Array[], expected: readonly Float32Array[]) =>
  Math.max(...expected.map((values, i) => relativeDifference(actual[i]!, values)))

async function report(operation: OperationName, c: OperationCase): Promise<CaseReport> {
  try {
    const [expected, actual] = [await evaluateOn(c, 'cpu'), await evaluateOn(c, 'webgpu')]
    return {
      operation,
      title: c.title,
      forward: worst(actual.outputs, expected.outputs),
      backward: worst(actual.gradients, expected.gradients),
    }
  } catch (problem) {
    return { operation, title: c.title, forward: Infinity, backward: Infinity, problem: String(problem) }
  }
}

if (process.send) {
  const reports: CaseReport[] = []
  for (const operation of Object.keys(CASES) as OperationName[]) {
    for (const c of CASES[operation]) reports.push(await report(operation, c))
  }
  process.send(reports, () => process.exit(0))
}
