/** The queue and the experiments of a library in a process of its own, so that a test can let it die: `LIBRARY`. Says the queue's state, one line each. */
import { openLibrary } from '../../src-main/catalog/index.ts'
import { createExperiments } from '../../src-main/experiments/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { createRunQueue } from '../../src-main/runs/index.ts'

const onBug = (cause: unknown) => process.stderr.write(`${String(cause)}\n`)
const library = unwrap(openLibrary(process.argv[2]!))
const queue = createRunQueue(library, { onChange: () => {}, onBug })
createExperiments(library, queue, { onChange: () => {}, onBug })
queue.proceed()
for await (const { current, waiting } of queue.watch()) process.stdout.write(`${JSON.stringify({ run: current?.run ?? null, epoch: current?.epoch?.epoch ?? 0, waiting: waiting.length })}\n`)
