import type { Split } from '../catalog/index.ts'

/** What makes a measured accuracy better than the truth, or makes it impossible to measure. */
export interface SplitWarning {
  readonly code: 'SPEAKER_LEAK' | 'SESSION_LEAK' | 'RECORDING_LEAK' | 'NEAR_DUPLICATE_LEAK' | 'LABEL_MISSING' | 'EMPTY_SPLIT' | 'NO_GROUP' | 'TOO_FEW_GROUPS'
  readonly message: string
  /** The speakers, recordings or labels that it is about; at most ten. */
  readonly examples: readonly string[]
}

export interface LeakageClip {
  readonly recordingId: string
  readonly label: string | null
  readonly speaker: string | null
  readonly session: string | null
  readonly split: Split | null
  /** The same in clips that sound alike, as copies of one another do. */
  readonly nearGroup: number | null
  readonly source: string | null
}

const KINDS = [
  { code: 'SPEAKER_LEAK', field: 'speaker', noun: 'speakers have' },
  { code: 'SESSION_LEAK', field: 'session', noun: 'sessions have' },
  { code: 'RECORDING_LEAK', field: 'recordingId', noun: 'recordings have' },
] as const

/** Looks for groups on two sides, labels that a side lacks, and empty sides that were asked for. */
export function checkLeakage(clips: readonly LeakageClip[], wanted: readonly Split[]): SplitWarning[] {
  const warnings: SplitWarning[] = []
  for (const { code, field, noun } of KINDS) {
    const side = new Map<string, Split>()
    const found = new Set<string>()
    for (const clip of clips) {
      const key = clip[field]
      if (key === null || clip.split === null) continue
      const first = side.get(key)
      if (first === undefined) side.set(key, clip.split)
      else if (first !== clip.split) found.add(key)
    }
    const leaking = [...found]
    if (leaking.length > 0)
      warnings.push({ code, message: `${leaking.length} ${noun} clips in more than one split`, examples: leaking.slice(0, 10) })
  }
  warnings.push(...checkNearDuplicates(clips))
  const labels = new Set(clips.flatMap((c) => (c.label === null ? [] : [c.label])))
  for (const split of wanted) {
    const present = new Set(clips.filter((c) => c.split === split).map((c) => c.label))
    if (present.size === 0) {
      warnings.push({ code: 'EMPTY_SPLIT', message: `No clip is in ${split}`, examples: [] })
      continue
    }
    const missing = [...labels].filter((label) => !present.has(label))
    if (missing.length > 0)
      warnings.push({ code: 'LABEL_MISSING', message: `${missing.length} labels have no clip in ${split}`, examples: missing.slice(0, 10) })
  }
  return warnings
}

/** A copy of a training clip in the test set is no test, whatever its file is called. */
function checkNearDuplicates(clips: readonly LeakageClip[]): SplitWarning[] {
  const grouped = Map.groupBy(clips.filter((c) => c.nearGroup !== null && c.split !== null), (c) => c.nearGroup)
  const leaking = [...grouped.values()].filter((group) => new Set(group.map((c) => c.split)).size > 1)
  if (leaking.length === 0) return []
  const examples = leaking.slice(0, 10).map((group) => group.map((c) => c.source ?? c.recordingId).slice(0, 3).join(', '))
  return [{ code: 'NEAR_DUPLICATE_LEAK', message: `${leaking.length} groups of clips that sound the same are in more than one split`, examples }]
}
