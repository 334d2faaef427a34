/**
 * Accuracy on the Free Spoken Digit Dataset by the command line, as a person would measure it.
 *
 *     npm run bench -- accuracy -- --protocol unheard --model resnet --seeds 0,1,2
 *
 * `--protocol official` tests on takes 0 to 4 of every speaker; `unheard` leaves one speaker after the other out and tests
 * on that one, after as many epochs as the recipe has. `choose` is for choosing a recipe: of every fold of `unheard` the test speaker's
 * recordings are not even imported, and the speaker next in the alphabet is measured instead. `--epochs`, `--augment`, `--front-end` and `--lr`
 * go to `espectro train`; `--speakers a,b` takes some of the folds; `--jobs N` trains so many at once, each on one thread.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { espectro as espectroOn } from './lib/command-line.ts'
import { findFsdd } from './lib/fsdd.ts'

const { values } = parseArgs({
  options: {
    protocol: { type: 'string', default: 'official' },
    model: { type: 'string', default: 'lenet5' },
    seeds: { type: 'string', default: '0,1,2' },
    speakers: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    epochs: { type: 'string' },
    augment: { type: 'string' },
    'front-end': { type: 'string' },
    lr: { type: 'string' },
  },
})
const recordings = findFsdd()
if (recordings === null) process.exit(0)

const speakerOf = (file: string): string => file.split('_')[1]!
const files = readdirSync(recordings).filter((f) => f.endsWith('.wav'))
const everyone = [...new Set(files.map(speakerOf))].sort()
const seeds = values.seeds.split(',').map(Number)
const folder = mkdtempSync(join(tmpdir(), 'espectro-accuracy-'))
const options = (['epochs', 'augment', 'front-end', 'lr'] as const).flatMap((name) => (values[name] === undefined ? [] : [`--${name}`, values[name]]))

const espectro = (library: string, ...args: string[]) => espectroOn(join(folder, library), ...args)

/** One part of the protocol: what is imported, and how it is split. */
interface Fold {
  readonly name: string
  readonly without: string | null
  readonly split: readonly string[]
}
const unheard = (speaker: string): string[] => ['--test-speakers', speaker, '--validation', '0']
const chosen = values.speakers?.split(',') ?? everyone
const FOLDS: Readonly<Record<string, () => readonly Fold[]>> = {
  official: () => [{ name: 'takes 0 to 4', without: null, split: ['--test-where', 'take<5'] }],
  unheard: () => chosen.map((speaker) => ({ name: speaker, without: null, split: unheard(speaker) })),
  choose: () => chosen.map((test) => {
    const measured = everyone[(everyone.indexOf(test) + 1) % everyone.length]!
    return { name: `${measured} without ${test}`, without: test, split: unheard(measured) }
  }),
}
const folds = FOLDS[values.protocol]?.()
if (!folds) throw new Error(`--protocol is one of ${Object.keys(FOLDS).join(', ')}`)

async function prepare(fold: Fold, library: string): Promise<void> {
  const source = join(folder, `recordings of ${library}`)
  mkdirSync(source)
  for (const file of files) if (speakerOf(file) !== fold.without) copyFileSync(join(recordings!, file), join(source, file))
  await espectro(library, 'import', source, '--dataset', 'fsdd', '--labels', 'filename', '--pattern', '{label}_{speaker}_{take}', '--link')
  await espectro(library, 'split', 'fsdd', ...fold.split)
}

const percent = (x: number): string => `${(100 * x).toFixed(2)} %`
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length

try {
  const results = folds.map(() => new Array<number>(seeds.length))
  const work = folds.flatMap((fold, f) => seeds.map((seed, s) => ({ fold, f, seed, s })))
  const prepared = new Map<string, Promise<void>>()
  let parameters: unknown = null
  await Promise.all(
    Array.from({ length: Number(values.jobs) }, async () => {
      for (let next = work.shift(); next; next = work.shift()) {
        const { fold, f, seed, s } = next
        const library = `library ${f}`
        if (!prepared.has(library)) prepared.set(library, prepare(fold, library))
        await prepared.get(library)
        const result = await espectro(library, 'train', 'fsdd', '--model', values.model, '--seed', String(seed), '--device', 'cpu', '--threads', '1', ...options)
        results[f]![s] = result['test.accuracy'] as number
        parameters = result['parameters']
        const validation = result['validation.accuracy'] as number | null
        console.log(`  ${fold.name}, seed ${seed}: ${percent(results[f]![s]!)}${validation === null ? '' : `, validation ${percent(validation)}`}  (${(result['secondsPerEpoch'] as number).toFixed(2)} s an epoch)`)
      }
    }),
  )
  console.log(`${values.model} (${String(parameters)} parameters), ${values.protocol}, seeds ${seeds.join(', ')}${options.length > 0 ? `, ${options.join(' ')}` : ''}`)
  folds.forEach((fold, f) => console.log(`  ${fold.name}: ${percent(mean(results[f]!))}`))
  console.log(`  mean: ${percent(mean(results.flat()))}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
