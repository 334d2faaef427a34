import {
  findRecording, insertClip, listClipRows, placeClip, recordingKey, setClipColumn,
  type Clip, type Dataset, type Library, type ReadableCatalog, type WritableCatalog,
} from '../catalog/index.ts'
import { assert, err, fail, ok, type Result } from '../kit/index.ts'
import { edit, labelOf } from './edits.ts'
import { inheritedFrom, makeRoom, spanProblem, type RegionSpan } from './region-space.ts'

/**
 * A region in the editor is a clip of that recording in the dataset. Each change is one transaction with one entry in
 * the undo journal; deleting and labelling are those of any clip.
 */
export interface NewRegions {
  /** SHA-256 */
  readonly recording: string
  readonly spans: readonly RegionSpan[]
  /** A label's name; `null` for none. */
  readonly label: string | null
}

/** Returns the new clips' ids. With several spans, those that the dataset has already are passed over. */
export function createRegions(library: Library, dataset: string, { recording: id, spans, label: name }: NewRegions): Result<number[]> {
  return edit(library, dataset, spans.length === 1 ? 'create region' : 'create regions', (catalog, d) => {
    const recording = findRecording(catalog, id)
    if (!recording) return fail('NOT_FOUND', 'There is no such recording in this library')
    const label = name === null ? ok(null) : labelOf(catalog, d, name)
    if (!label.ok) return label
    const key = recordingKey(catalog, id)!
    const inherited = inheritedFrom(listClipRows(catalog, d.id, { recordingId: id }))
    const ids: number[] = []
    for (const span of spans) {
      const problem = spanProblem(span, recording)
      if (problem) return err(problem)
      const taken = makeRoom(catalog, d, key, span, null)
      if (taken && spans.length === 1) return err(taken)
      if (taken) continue
      ids.push(insertAt(catalog, d, { ...inherited, band: null }, { key, sampleRate: recording.sampleRate, labelId: label.value?.id ?? null }, span))
    }
    return ok(ids)
  })
}

type Facts = Pick<Clip, 'speaker' | 'session' | 'take' | 'source' | 'split' | 'band'> & Partial<Pick<Clip, 'review' | 'extra' | 'edits'>>

function insertAt(
  catalog: WritableCatalog, { id: datasetId }: Dataset, facts: Facts,
  { key, sampleRate, labelId }: { readonly key: number; readonly sampleRate: number; readonly labelId: number | null }, span: RegionSpan,
): number {
  const id = insertClip(catalog, {
    ...facts, datasetId, recordingKey: key, startSample: span.start, endSample: span.end, sampleRate, labelId, band: span.band ?? facts.band,
  })
  assert(id !== null, 'room was made for the region')
  return id
}

function findClip(catalog: ReadableCatalog, dataset: Dataset, id: number): Result<Clip> {
  const clip = listClipRows(catalog, dataset.id, { ids: [id] })[0]
  return clip ? ok(clip) : fail('NOT_FOUND', `This region is no longer in the dataset "${dataset.name}"`, { hint: 'It may have been deleted in another window.' })
}

const limitsOf = (clip: Clip) => ({ sampleRate: clip.sampleRate, frames: clip.recordingFrames })

/** Moves or resizes; `band` left out keeps the frequency box, `null` takes it away. */
export function placeRegion(library: Library, dataset: string, id: number, span: RegionSpan, gesture: string | null = null): Result<void> {
  return edit(library, dataset, 'move region', (catalog, d) => {
    const clip = findClip(catalog, d, id)
    if (!clip.ok) return clip
    const wanted = { ...span, band: span.band === undefined ? clip.value.band : span.band }
    const problem = spanProblem(wanted, limitsOf(clip.value)) ?? makeRoom(catalog, d, recordingKey(catalog, clip.value.recordingId)!, wanted, id)
    if (problem) return err(problem)
    placeClip(catalog, { ...clip.value, startSample: span.start, endSample: span.end, band: wanted.band })
    return ok(undefined)
  }, gesture)
}

/** Cuts at a sample of the recording. The first part keeps the id and the fade-in, the second gets the fade-out. */
export function splitRegion(library: Library, dataset: string, id: number, at: number): Result<[number, number]> {
  return edit(library, dataset, 'split region', (catalog, d) => {
    const found = findClip(catalog, d, id)
    if (!found.ok) return found
    const clip = found.value
    if (at <= clip.startSample || at >= clip.endSample) return fail('INVALID', 'A region is split between its start and its end')
    const key = recordingKey(catalog, clip.recordingId)!
    const parts = [{ start: clip.startSample, end: at }, { start: at, end: clip.endSample }] as const
    const problem = makeRoom(catalog, d, key, parts[0], id) ?? makeRoom(catalog, d, key, parts[1], id)
    if (problem) return err(problem)
    placeClip(catalog, { ...clip, endSample: at })
    const without = (kind: string): string => JSON.stringify(clip.edits.filter((e) => e.kind !== kind))
    setClipColumn(catalog, 'edits', without('fade-out'), [id])
    const label = clip.label === null ? ok(null) : labelOf(catalog, d, clip.label)
    if (!label.ok) return label
    const edits = clip.edits.filter((e) => e.kind !== 'fade-in')
    const second = insertAt(catalog, d, { ...clip, edits }, { key, sampleRate: clip.sampleRate, labelId: label.value?.id ?? null }, parts[1])
    return ok([id, second])
  })
}

/**
 * One region from the first's start to the last's end. The earliest stays, with its facts and edits, and with the first
 * label that there is; the others go to the bin. The frequency box holds all of theirs, or is none where one has none.
 */
export function mergeRegions(library: Library, dataset: string, ids: readonly number[]): Result<number> {
  return edit(library, dataset, 'merge regions', (catalog, d) => {
    const clips = listClipRows(catalog, d.id, { ids }).sort((a, b) => a.startSample - b.startSample || a.id - b.id)
    const [first, ...others] = clips
    if (!first || clips.length !== new Set(ids).size) return fail('NOT_FOUND', `Some of the regions are no longer in the dataset "${d.name}"`)
    if (others.length === 0) return fail('INVALID', 'At least two regions are needed to merge')
    if (others.some((clip) => clip.recordingId !== first.recordingId)) return fail('INVALID', 'Only regions of one recording can be merged')
    const span = { start: first.startSample, end: Math.max(...clips.map((c) => c.endSample)) }
    setClipColumn(catalog, 'binned_at', new Date().toISOString(), others.map((c) => c.id))
    const problem = makeRoom(catalog, d, recordingKey(catalog, first.recordingId)!, span, first.id)
    if (problem) return err(problem)
    placeClip(catalog, { ...first, endSample: span.end, band: commonBand(clips) })
    const name = clips.find((c) => c.label !== null)?.label ?? null
    const label = name === null ? ok(null) : labelOf(catalog, d, name)
    if (!label.ok) return label
    setClipColumn(catalog, 'label_id', label.value?.id ?? null, [first.id])
    return ok(first.id)
  })
}

function commonBand(clips: readonly Clip[]): Clip['band'] {
  const bands = clips.flatMap((c) => (c.band ? [c.band] : []))
  if (bands.length < clips.length) return null
  return { low: Math.min(...bands.map((b) => b.low)), high: Math.max(...bands.map((b) => b.high)) }
}
