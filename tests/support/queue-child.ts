/** The queue of a library in a process of its own, so that a test can let it die: `LIBRARY`. Says its state, one line each. */
import { openLibrary } from '../../src-main/catalog/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { createRunQueue } from '../../src-main/runs/index.ts'

const queue = createRunQueue(unwrap(openLibrary(process.argv[2]!)), { onChange: () => {}, onBug: (cause) => process.stderr.write(`${String(cause)}\n`) })
queue.proceed()
for await (const { current, waiting } of queue.watch()) process.stdout.write(`${JSON.stringify({ run: current?.run ?? null, logged: current?.logged ?? 0, waiting: waiting.length })}\n`)
