/** The training process dies, the whole program dies: no run is lost, and each says how it stands. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getRun, listQueue, putInQueue } from '../../src-main/catalog/index.ts'
import { forkChild, unwrap, type Child } from '../../src-main/kit/index.ts'
import { createRunQueue, readRun, runState } from '../../src-main/runs/index.ts'
import { isIdle, toneLibrary, until, type ToneLibrary } from '../support/tone-library.ts'

const CHILD = join(import.meta.dirname, '..', 'support', 'queue-child.ts')
let tones: ToneLibrary
beforeAll(async () => {
  tones = await toneLibrary()
})
afterAll(() => tones[Symbol.dispose]())
const stateOf = (run: string) => runState(unwrap(getRun(tones.library, run)))

describe('a queue whose training process is killed', () => {
  it('says so by the run, goes on with the next, and the run can be resumed to its end', async () => {
    const children: Child[] = []
    const startChild = (entry: string) => {
      const child = forkChild(entry)
      children.push(child)
      return child
    }
    await using queue = createRunQueue(tones.library, { onChange: () => {}, onBug: (cause) => expect.unreachable(String(cause)), start: { startChild } })
    const [killed, next] = [await tones.run({ epochs: 300 }), await tones.run({ epochs: 2 })]
    unwrap(queue.add([killed, next].map((run) => ({ run, resume: false }))))
    await until(queue, (s) => s.current?.run === killed && (s.current.epoch?.epoch ?? 0) >= 2)
    children[0]!.kill()
    await until(queue, isIdle)
    expect([killed, next].map(stateOf)).toEqual(['failed', 'finished'])
    expect(unwrap(getRun(tones.library, killed)).summary).toMatchObject({ error: { code: 'WORKER_DIED', hint: expect.stringContaining('Resume') } })
    unwrap(queue.add([{ run: killed, resume: true }]))
    await until(queue, isIdle)
    expect(unwrap(await readRun(tones.library, killed)).result).toMatchObject({ status: 'finished', epochs: 300 })
  })
})

describe('a program that is killed in the middle of a training', () => {
  it('leaves the run interrupted and what waited waiting; both go on to their end', async () => {
    const [first, second] = [await tones.run({ epochs: 400 }), await tones.run({ epochs: 2, seed: 3 })]
    unwrap(putInQueue(tones.library, [first, second].map((run) => ({ run, resume: false }))))
    const program = spawn(process.execPath, [CHILD, tones.root], { stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: program.stdout })) {
      const said = JSON.parse(line) as { run: string | null; logged: number; waiting: number }
      if (said.run !== first || said.logged === 0) continue
      expect(said.waiting).toBe(1)
      // Another program looks at the same library in the meantime.
      expect(stateOf(first)).toBe('running')
      program.kill('SIGKILL')
      break
    }
    if (program.exitCode === null && program.signalCode === null) await new Promise((gone) => program.once('exit', gone))
    // Its training process notices that it is alone, and ends.
    await expect.poll(() => stateOf(first), { timeout: 30_000 }).toBe('interrupted')
    expect(listQueue(tones.library).map((q) => q.run)).toEqual([second])

    await using queue = createRunQueue(tones.library, { onChange: () => {}, onBug: (cause) => expect.unreachable(String(cause)) })
    expect(queue.state).toMatchObject({ held: true, current: null })
    unwrap(queue.add([{ run: first, resume: true }], second))
    queue.proceed()
    await until(queue, isIdle)
    expect([first, second].map(stateOf)).toEqual(['finished', 'finished'])
    expect(unwrap(await readRun(tones.library, first)).result).toMatchObject({ status: 'finished', epochs: 400 })
  })
})
