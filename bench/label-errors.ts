// How well the check of labels finds planted errors: part of the labels of the Free Spoken Digit Dataset is changed to
// another label at random (seeded), the check runs as in the Inspect view, and what it doubts is compared with what was
// planted. Precision counts errors that were there before as false. Usage: node bench/label-errors.ts [recording|speaker] [epochs]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listClipRows, listLabelRows, openLibrary } from '../src-main/catalog/index.ts'
import { importFolder, setLabel, splitDataset } from '../src-main/curation/index.ts'
import { createRandom, unwrap } from '../src-main/kit/index.ts'
import { CHECK_GROUPS, createLabelChecks, createTrainingRun, trainingChoices, type CheckGroup } from '../src-main/runs/index.ts'
import { findFsdd } from './lib/fsdd.ts'

const PLANTED = 0.05
const FOLDS = 5
const SEED = 1

const recordings = findFsdd()
if (recordings === null) process.exit(0)
const by = CHECK_GROUPS.find((g) => g === process.argv[2]) ?? ('recording' satisfies CheckGroup)
const epochs = Number(process.argv[3] ?? 12)
const folder = mkdtempSync(join(tmpdir(), 'espectro-bench-'))
const library = unwrap(openLibrary(join(folder, 'library')))
unwrap(await importFolder(library, { path: recordings, dataset: 'fsdd', labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' } }))
unwrap(splitDataset(library, 'fsdd', { group: 'none', test: 0.1, validation: 0.1 }))
const dataset = library.catalog.get<{ id: number }>('SELECT id FROM datasets')!.id
const labels = listLabelRows(library.catalog, dataset).map((l) => l.name)
const random = createRandom(`planted/${SEED}`)
const clips = listClipRows(library.catalog, dataset)
const planted = new Map<number, string>()
for (const clip of random.shuffle([...clips]).slice(0, Math.round(PLANTED * clips.length))) {
  const others = labels.filter((l) => l !== clip.label)
  unwrap(setLabel(library, 'fsdd', [clip.id], others[random.int(others.length)]!))
  planted.set(clip.id, clip.label!)
}
const { settings } = unwrap(trainingChoices(library, 'fsdd'))
const run = unwrap(await createTrainingRun(library, { dataset: 'fsdd', settings: { ...settings, epochs, seed: SEED }, device: 'cpu' }))
const checks = createLabelChecks(library, { onBug: (cause) => console.error(cause) })
const began = performance.now()
unwrap(await checks.begin({ run: run.id, folds: FOLDS, by }))
await checks.settled()
if (checks.state.problem) throw checks.state.problem.error
const { plan, outcome } = (await checks.read(dataset))!
const found = outcome!.issues
const right = found.filter((issue) => planted.has(issue.clip))
const restored = right.filter((issue) => plan.labels[issue.suggested] === planted.get(issue.clip))
const percent = (part: number): string => `${(100 * part).toFixed(1)} %`
console.log(`${settings.architecture.name}, ${epochs} epochs, ${FOLDS} folds by ${by}, seed ${SEED}: ${planted.size} of ${clips.length} labels planted wrong`)
console.log(`doubted ${found.length}: precision ${percent(right.length / found.length)}, recall ${percent(right.length / planted.size)}, of those found the true label suggested ${percent(restored.length / right.length)}`)
const top = found.slice(0, planted.size)
console.log(`among the first ${top.length}: precision ${percent(top.filter((issue) => planted.has(issue.clip)).length / top.length)}; labels and networks agree on ${percent(outcome!.agreement)}; ${((performance.now() - began) / 1000).toFixed(0)} s`)
await checks[Symbol.asyncDispose]()
library.close()
rmSync(folder, { recursive: true, force: true })
