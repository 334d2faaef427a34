import { findDataset, listLabelRows, setClipColumn, SPLITS, type Dataset, type Library, type ReadableCatalog, type Split } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import { parseCondition } from './clip-condition.ts'
import { checkLeakage, type LeakageClip, type SplitWarning } from './leakage.ts'
import { planSplit, type SplitClip, type SplitGroup } from './split-plan.ts'

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
  /** The clips that are in the test set stay, and no other comes into it. Not with a size or a rule of the test set. */
  readonly keepTest?: boolean
}

export interface SplitReport {
  readonly datasetId: number
  readonly counts: Readonly<Record<Split, number>>
  readonly byLabel: readonly ({ readonly label: string | null } & Readonly<Record<Split, number>>)[]
  /** Different speakers on each side. */
  readonly speakers: Readonly<Record<Split, number>>
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

/** What a split looks at. */
export interface SplitSubject extends SplitClip, LeakageClip {
  readonly take: string | null
  readonly seconds: number
}

/** The bin left out, in the order in which they were added. */
export function readSplitSubjects(catalog: ReadableCatalog, dataset: Dataset): SplitSubject[] {
  const names = new Map(listLabelRows(catalog, dataset.id).map((l) => [l.id, l.name]))
  return catalog
    .all<Omit<SplitSubject, 'label'> & { readonly label: number | null }>(
      `SELECT c.id, r.sha256 AS recordingId, c.label_id AS label, c.split, c.speaker, c.session, c.take, c.seconds, c.source, c.near_group AS nearGroup
       FROM clips c CROSS JOIN recordings r ON r.key = c.recording_key WHERE c.dataset_id = ? AND c.binned_at IS NULL ORDER BY c.id`,
      dataset.id)
    .map((row) => ({ ...row, label: row.label === null ? null : (names.get(row.label) ?? null) }))
}

/** Gives every clip of a dataset (the bin left out) its split, as one change that can be undone. */
export function splitDataset(library: Library, datasetName: string, request: SplitRequest = {}): Result<SplitReport> {
  const dataset = findDataset(library.catalog, datasetName)
  if (!dataset.ok) return dataset
  return library.catalog.transact('split', (catalog) => {
    const clips = readSplitSubjects(catalog, dataset.value)
    const divided = divideClips(catalog, dataset.value, clips, request)
    if (!divided.ok) return divided
    for (const split of SPLITS)
      setClipColumn(catalog, 'split', split, clips.filter((c) => divided.value.sides.get(c.id) === split).map((c) => c.id))
    return ok(divided.value.report)
  })
}

export interface Divided {
  readonly sides: ReadonlyMap<number, Split>
  readonly report: SplitReport
}

/** What the split would be; nothing is written. */
export function divideClips(catalog: ReadableCatalog, dataset: Dataset, clips: readonly SplitSubject[], request: SplitRequest): Result<Divided> {
  const plan = planRequest(clips, request)
  if (!plan.ok) return plan
  const { sides, testBy, validationBy, warnings } = plan.value
  const divided = clips.map((clip) => ({ ...clip, split: sides.get(clip.id)! }))
  const wanted = SPLITS.filter((s) => s !== 'validation' || validationOf(request) > 0)
    .filter((s) => s !== 'test' || request.keepTest === true || request.testWhere !== undefined || request.testSpeakers !== undefined || testOf(request) > 0)
  const labels = listLabelRows(catalog, dataset.id).map((l) => l.name)
  return ok({
    sides,
    report: {
      datasetId: dataset.id, ...countSplits(divided, labels), testBy, validationBy, seed: request.seed ?? 0,
      warnings: [...warnings, ...checkLeakage(divided, wanted)],
    },
  })
}

type Counted = Pick<SplitReport, 'counts' | 'byLabel' | 'speakers'>

/** Clips and speakers on each side; `labels` in the order in which they are listed. */
export function countSplits(clips: readonly Pick<SplitSubject, 'label' | 'split' | 'speaker'>[], labels: readonly string[]): Counted {
  const none = () => ({ train: 0, validation: 0, test: 0 })
  const counts = none()
  const byLabel = new Map<string | null, Record<Split, number>>(labels.map((label) => [label, none()]))
  const speakers = { train: new Set<string>(), validation: new Set<string>(), test: new Set<string>() }
  for (const { label, split, speaker } of clips) {
    if (split === null) continue
    counts[split]++
    let row = byLabel.get(label)
    if (!row) byLabel.set(label, (row = none()))
    row[split]++
    if (speaker !== null) speakers[split].add(speaker)
  }
  return {
    counts,
    byLabel: [...byLabel].map(([label, row]) => ({ label, ...row })),
    speakers: { train: speakers.train.size, validation: speakers.validation.size, test: speakers.test.size },
  }
}

const testOf = (request: SplitRequest) => request.test ?? 0.1
const validationOf = (request: SplitRequest) => request.validation ?? 0.1

function planRequest(clips: readonly SplitSubject[], request: SplitRequest): Result<Plan> {
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
  if (request.keepTest && (ruled || request.test !== undefined))
    return fail('USAGE', 'The test set is to stay: it cannot be chosen anew as well')
  if (request.keepTest) return planRest(clips, { test: new Set(clips.filter((c) => c.split === 'test').map((c) => c.id)), testBy: 'as it is' }, request)
  return ruled ? planByRule(clips, request) : planByFractions(clips, request)
}

const describeGroup = (group: SplitGroup) => (group === 'none' ? 'stratified by label' : `by ${group}`)

function planByFractions(clips: readonly SplitSubject[], request: SplitRequest): Result<Plan> {
  const group = request.group ?? 'none'
  const sides = planSplit(clips, group, { test: testOf(request), validation: validationOf(request) }, request.seed ?? 0)
  const by = describeGroup(group)
  return ok({ sides, testBy: by, validationBy: by, warnings: groupWarnings(clips, group, [testOf(request), validationOf(request)]) })
}

function planByRule(clips: readonly SplitSubject[], request: SplitRequest): Result<Plan> {
  const chosen = request.testSpeakers ? chooseSpeakers(clips, request.testSpeakers) : chooseWhere(clips, request.testWhere!)
  return chosen.ok ? planRest(clips, chosen.value, request) : chosen
}

function planRest(clips: readonly SplitSubject[], chosen: Chosen, request: SplitRequest): Result<Plan> {
  const rest = clips.filter((c) => !chosen.test.has(c.id))
  if (rest.length === 0) return fail('INVALID', `The test set (${chosen.testBy}) would hold every clip`)
  const speakers = new Set(rest.map((c) => c.speaker)).size
  const bySpeaker = request.group === undefined && request.testSpeakers !== undefined && speakers >= SPEAKERS_FOR_VALIDATION
  const group = request.group ?? (bySpeaker ? 'speaker' : 'none')
  const sides = planSplit(rest, group, { test: 0, validation: validationOf(request) }, request.seed ?? 0)
  for (const id of chosen.test) sides.set(id, 'test')
  return ok({
    sides,
    testBy: chosen.testBy,
    validationBy: `${describeGroup(group)}, from the rest`,
    warnings: groupWarnings(rest, group, [validationOf(request)]),
  })
}

interface Chosen {
  readonly test: Set<number>
  readonly testBy: string
}

function chooseSpeakers(clips: readonly SplitSubject[], speakers: readonly string[]): Result<Chosen> {
  const known = new Set(clips.map((c) => c.speaker))
  const unknown = speakers.filter((s) => !known.has(s))
  if (unknown.length > 0 || speakers.length === 0)
    return fail('NOT_FOUND', speakers.length === 0 ? 'No test speaker is named' : `No clip is of the speaker ${unknown.join(', ')}`, {
      hint: `The speakers are: ${[...known].filter((s) => s !== null).sort().slice(0, 20).join(', ') || 'none'}.`,
    })
  const test = new Set(clips.filter((c) => c.speaker !== null && speakers.includes(c.speaker)).map((c) => c.id))
  return ok({ test, testBy: `speakers ${speakers.join(', ')}` })
}

function chooseWhere(clips: readonly SplitSubject[], text: string): Result<Chosen> {
  const condition = parseCondition(text)
  if (!condition.ok) return condition
  const holds = clips.filter((c) => condition.value({
    take: c.take, speaker: c.speaker, session: c.session, label: c.label, duration: c.seconds, path: c.source, split: c.split,
  }))
  if (holds.length === 0)
    return fail('INVALID', `No clip fits the test condition ${text}`, { hint: 'Look at the fields of some clips; the names came from the import.' })
  return ok({ test: new Set(holds.map((c) => c.id)), testBy: `condition ${text}` })
}

/** `fractions`: of the sides that are taken group by group, training left out. */
function groupWarnings(clips: readonly SplitSubject[], group: SplitGroup, fractions: readonly number[]): SplitWarning[] {
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
