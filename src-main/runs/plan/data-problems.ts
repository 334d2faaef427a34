/** What the clips of a dataset say about a training on them. Pure. */
import type { Clip } from '../../catalog/index.ts'
import { checkLeakage, type SplitWarning } from '../../curation/index.ts'
import type { SelectedClips } from '../select-clips.ts'
import type { LeakCode, PlanProblem } from './problem.ts'

/** Fewer training clips of a label than this teach a network little; a rule of thumb. */
const FEW_CLIPS = 10
/** The largest class over the smallest, from where accuracy says little about the small one. */
const UNBALANCED = 5
const NAMED = 5

type Told = Omit<PlanProblem, 'level' | 'field'>

export function dataProblems({ dataset, clips, labels, unused }: Omit<SelectedClips, 'dataset'> & { readonly dataset: { readonly name: string } }): PlanProblem[] {
  const { name } = dataset
  const problems: PlanProblem[] = []
  const add = (level: PlanProblem['level'], problem: Told) => void problems.push({ level, field: 'dataset', ...problem })
  const of = (split: Clip['split']) => clips.filter((c) => c.split === split)
  const [train, validation, test] = [of('train'), of('validation'), of('test')]

  if (clips.length + unused.unsplit === 0) add('error', { code: 'NO_LABELLED_CLIP', message: `The dataset "${name}" has no labelled clip.`, values: { dataset: name } })
  else if (clips.length === 0) add('error', { code: 'NO_SPLIT', message: `The dataset "${name}" is not split yet: no clip is for training.`, values: { dataset: name, clips: unused.unsplit } })
  else if (train.length === 0) add('error', { code: 'NO_TRAINING_CLIP', message: `No clip of "${name}" is for training.`, values: { dataset: name } })
  else if (labels.length < 2) add('error', { code: 'ONE_LABEL', message: `The clips of "${name}" have one label only; a recogniser needs two.`, values: { label: labels[0] ?? '' } })
  if (problems.length > 0) return problems

  const count = (side: readonly Clip[]) => new Map(labels.map((label) => [label, side.filter((c) => c.label === label).length]))
  const trained = count(train)
  const sizes = [...trained].filter(([, n]) => n > 0)
  const missing = labels.filter((label) => trained.get(label) === 0)
  if (missing.length > 0) add('warning', { code: 'LABEL_NOT_TRAINED', message: `No training clip has the label ${some(missing)}: the network cannot learn it.`, values: { labels: some(missing), count: missing.length } })
  const few = sizes.filter(([, n]) => n < FEW_CLIPS)
  if (few.length > 0) add('warning', { code: 'FEW_CLIPS', message: `Fewer than ${FEW_CLIPS} training clips: ${some(few.map(([l, n]) => `${l} (${n})`))}.`, values: { labels: some(few.map(([l, n]) => `${l} (${n})`)), least: FEW_CLIPS, count: few.length } })
  const [smallest, largest] = [Math.min(...sizes.map(([, n]) => n)), Math.max(...sizes.map(([, n]) => n))]
  if (largest >= UNBALANCED * smallest)
    add('warning', { code: 'UNBALANCED', message: `The largest class has ${largest} training clips, the smallest ${smallest}: look at the balanced accuracy.`, values: { largest, smallest } })
  if (validation.length === 0) add('warning', { code: 'NO_VALIDATION', message: 'No clip is for validation: the best epoch cannot be told, and the last one is kept.', values: {} })
  else {
    const validated = count(validation)
    const unseen = labels.filter((label) => validated.get(label) === 0)
    if (unseen.length > 0) add('warning', { code: 'LABEL_NOT_VALIDATED', message: `No validation clip has the label ${some(unseen)}.`, values: { labels: some(unseen), count: unseen.length } })
  }
  if (test.length === 0) add('warning', { code: 'NO_TEST', message: 'No clip is for testing: the result on validation clips is a little too good.', values: {} })
  for (const leak of checkLeakage(clips, [])) {
    if (!isLeak(leak.code)) continue
    add('warning', { code: leak.code, message: `${leak.message}: results are better than they will be on others.`, values: { examples: some(leak.examples) } })
  }
  const out = unused.unsplit + unused.unlabelled + unused.rejected
  if (out > 0)
    add('warning', { code: 'UNUSED_CLIPS', message: `${out} clips take no part: ${unused.unlabelled} without a label, ${unused.unsplit} on no side, ${unused.rejected} rejected.`, values: { count: out, ...unused } })
  return problems
}

const isLeak = (code: SplitWarning['code']): code is LeakCode => code.endsWith('_LEAK')

const some = (names: readonly string[]): string => (names.length <= NAMED ? names.join(', ') : `${names.slice(0, NAMED).join(', ')}, …`)
