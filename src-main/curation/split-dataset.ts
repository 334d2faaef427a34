import { findDataset, listClipRows, listLabelRows, setClipColumn, SPLITS, type Clip, type Library, type Split } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import { parseCondition } from './clip-condition.ts'
import { checkLeakage, type SplitWarning } from './leakage.ts'
import { planSplit, type SplitGroup } from './split-plan.ts'

export interface SplitRequest {
  /** Default 'none': single recordings, in equal parts of each label. */
  readonly group?: SplitGroup
  /** Fraction of all clips; default 0.1. Not with `testWhere` or `testSpeakers`. */
  readonly test?: number
  /** Fraction: of all clips, or of what the test set leaves where that is chosen by a rule. Default 0.1; 0 for none. */
  readonly validation?: number
  /** Default 0. */
  readonly seed?: number
  /** The test set is the clips for which this holds: `take<5`. */
  readonly testWhere?: string
  /** The test set is these speakers. */
  readonly testSpeakers?: readonly string[]
}

export interface SplitReport {
  readonly datasetId: number
  readonly counts: Readonly<Record<Split, number>>
  readonly byLabel: readonly ({ readonly label: string | null } & Readonly<Record<Split, number>>)[]
  /** How the test and validation sets were chosen, in words. */
  readonly testBy: string
  readonly validationBy: string
  readonly seed: number
  readonly warnings: readonly SplitWarning[]
}

/** With fewer speakers left, one of them for validation would cost training too much. */
const SPEAKERS_FOR_VALIDATION = 4

interface Plan {
  readonly sides: Map<number, Split>
  readonly testBy: string
  readonly validationBy: string
  readonly warnings: SplitWarning[]
}

/** Gives every clip of a dataset (the bin left out) its split, as one change that can be undone. */
export function splitDataset(library: Library, datasetName: string, request: SplitRequest = {}): Result<SplitReport> {
  const dataset = findDataset(library.catalog, datasetName)
  if (!dataset.ok) return dataset
  return library.catalog.transact('split', (catalog) => {
    const clips = listClipRows(catalog, dataset.value.id)
    const plan = planRequest(clips, request)
    if (!plan.ok) return plan
    const { sides, testBy, validationBy, warnings } = plan.value
    for (const split of SPLITS)
      setClipColumn(catalog, 'split', split, clips.filter((c) => sides.get(c.id) === split).map((c) => c.id))
    const divided = clips.map((clip) => ({ ...clip, split: sides.get(clip.id)! }))
    const wanted = SPLITS.filter((s) => s !== 'validation' || validationOf(request) > 0)
      .filter((s) => s !== 'test' || request.testWhere !== undefined || request.testSpeakers !== undefined || testOf(request) > 0)
    return ok({
      datasetId: dataset.value.id,
      counts: countSides(divided),
      byLabel: [...listLabelRows(catalog, dataset.value.id).map((l) => l.name), null]
        .map((label) => ({ label, ...countSides(divided.filter((c) => c.label === label)) }))
        .filter((row) => row.label !== null || row.train + row.validation + row.test > 0),
      testBy,
      validationBy,
      seed: request.seed ?? 0,
      warnings: [...warnings, ...checkLeakage(divided, wanted)],
    })
  })
}

const testOf = (request: SplitRequest) => request.test ?? 0.1
const validationOf = (request: SplitRequest) => request.validation ?? 0.1

function countSides(clips: readonly { readonly split: Split }[]): Record<Split, number> {
  const counts = { train: 0, validation: 0, test: 0 }
  for (const clip of clips) counts[clip.split]++
  return counts
}

function planRequest(clips: readonly Clip[], request: SplitRequest): Result<Plan> {
  const test = testOf(request)
  const validation = validationOf(request)
  const ruled = request.testWhere !== undefined || request.testSpeakers !== undefined
  if (![test, validation].every((f) => f >= 0 && f < 1) || (!ruled && test + validation >= 1))
    return fail('USAGE', `These parts leave nothing to train on: test ${test}, validation ${validation}`, {
      hint: 'Give fractions from 0 to 1, for example 0.1 and 0.1.',
    })
  if (request.testWhere !== undefined && request.testSpeakers !== undefined)
    return fail('USAGE', 'Choose the test set by a condition or by speakers, not by both')
  if (ruled && request.test !== undefined)
    return fail('USAGE', 'The size of the test set cannot be given where a rule chooses it')
  if (clips.length === 0) return fail('INVALID', 'The dataset has no clips to split', { hint: 'Import recordings first.' })
  return ruled ? planByRule(clips, request) : planByFractions(clips, request)
}

const describeGroup = (group: SplitGroup) => (group === 'none' ? 'stratified by label' : `by ${group}`)

function planByFractions(clips: readonly Clip[], request: SplitRequest): Result<Plan> {
  const group = request.group ?? 'none'
  const sides = planSplit(clips, group, { test: testOf(request), validation: validationOf(request) }, request.seed ?? 0)
  const by = describeGroup(group)
  return ok({ sides, testBy: by, validationBy: by, warnings: groupWarnings(clips, group, [testOf(request), validationOf(request)]) })
}

function planByRule(clips: readonly Clip[], request: SplitRequest): Result<Plan> {
  const chosen = request.testSpeakers ? chooseSpeakers(clips, request.testSpeakers) : chooseWhere(clips, request.testWhere!)
  if (!chosen.ok) return chosen
  const rest = clips.filter((c) => !chosen.value.test.has(c.id))
  if (rest.length === 0) return fail('INVALID', `The test set (${chosen.value.testBy}) would hold every clip`)
  const speakers = new Set(rest.map((c) => c.speaker)).size
  const bySpeaker = request.group === undefined && request.testSpeakers !== undefined && speakers >= SPEAKERS_FOR_VALIDATION
  const group = request.group ?? (bySpeaker ? 'speaker' : 'none')
  const sides = planSplit(rest, group, { test: 0, validation: validationOf(request) }, request.seed ?? 0)
  for (const id of chosen.value.test) sides.set(id, 'test')
  return ok({
    sides,
    testBy: chosen.value.testBy,
    validationBy: `${describeGroup(group)}, from the rest`,
    warnings: groupWarnings(rest, group, [validationOf(request)]),
  })
}

interface Chosen {
  readonly test: Set<number>
  readonly testBy: string
}

function chooseSpeakers(clips: readonly Clip[], speakers: readonly string[]): Result<Chosen> {
  const known = new Set(clips.map((c) => c.speaker))
  const unknown = speakers.filter((s) => !known.has(s))
  if (unknown.length > 0 || speakers.length === 0)
    return fail('NOT_FOUND', speakers.length === 0 ? 'No test speaker is named' : `No clip is of the speaker ${unknown.join(', ')}`, {
      hint: `The speakers are: ${[...known].filter((s) => s !== null).sort().slice(0, 20).join(', ') || 'none'}.`,
    })
  const test = new Set(clips.filter((c) => c.speaker !== null && speakers.includes(c.speaker)).map((c) => c.id))
  return ok({ test, testBy: `speakers ${speakers.join(', ')}` })
}

function chooseWhere(clips: readonly Clip[], text: string): Result<Chosen> {
  const condition = parseCondition(text)
  if (!condition.ok) return condition
  const holds = clips.filter((c) => condition.value({ ...c, duration: c.seconds, path: c.source }))
  if (holds.length === 0)
    return fail('INVALID', `No clip fits the test condition ${text}`, { hint: 'Look at the fields of some clips; the names came from the import.' })
  return ok({ test: new Set(holds.map((c) => c.id)), testBy: `condition ${text}` })
}

/** `fractions`: of the sides that are taken group by group, training left out. */
function groupWarnings(clips: readonly Clip[], group: SplitGroup, fractions: readonly number[]): SplitWarning[] {
  const sides = fractions.filter((f) => f > 0).length
  if (group === 'none' || sides === 0) return []
  const nameless = clips.filter((c) => c[group] === null).length
  const groups = new Set(clips.flatMap((c) => c[group] ?? [])).size
  const warnings: SplitWarning[] = []
  if (nameless > 0)
    warnings.push({ code: 'NO_GROUP', message: `${nameless} clips have no ${group}; each of their recordings was taken as one`, examples: [] })
  if (groups > 0 && groups < sides + 1)
    warnings.push({ code: 'TOO_FEW_GROUPS', message: `${groups} ${group}s are too few for ${sides + 1} splits`, examples: [] })
  return warnings
}
