/** Maps of a dataset's clips, made once: what decides one is its name in the cache. */
import { basename, join } from 'node:path'
import { listClipRows, type Library } from '../catalog/index.ts'
import { clipKey, frontEndHash, frontEndShape, loadFrontEnd, type FrontEndConfig } from '../features/index.ts'
import { fail, hashBytes, hashJson, ok, type Result } from '../kit/index.ts'
import { planNetwork, type Network } from '../nn/index.ts'
import { createByteCache } from '../pictures/index.ts'
import { chooseCheckpoint, commonestRate, readRun } from '../runs/index.ts'
import { defaultThreads, type TrainingClip } from '../training/index.ts'
import type { MadeMap, MapJob, MapProgress, Reduction } from './process/messages.ts'
import { startMap } from './process/start.ts'

export interface MapRequest {
  readonly dataset: number
  readonly of:
    /** The features of a front end, by its name. */
    | { readonly kind: 'features'; readonly frontEnd: string }
    /** What a layer of a run's network gives; null is the last layer but one. */
    | { readonly kind: 'layer'; readonly run: string; readonly layer: string | null }
  readonly reduction: Reduction
}

export interface ClipMap extends MadeMap {
  /** Where a layer is mapped: which. */
  readonly layer: string | null
}

export interface ClipMaps {
  make(request: MapRequest, options: { readonly onProgress: (progress: MapProgress) => void; readonly signal?: AbortSignal | undefined }): Promise<Result<ClipMap>>
}

export interface ClipMapsOptions {
  /** A folder of its own, which may be emptied at any time. */
  readonly cache: string
  /** The process's script, where it is not the usual one. */
  readonly entry?: string
}

/** Raised when the same request begins to give other positions. */
const ARITHMETIC_VERSION = 1
/** Bytes on the disk at most: some hundred maps of 50,000 clips. */
const LIMIT = 64 * 2 ** 20

export function createClipMaps(library: Library, { cache: folder, entry }: ClipMapsOptions): ClipMaps {
  const cache = createByteCache(join(folder, 'maps'), LIMIT)
  return {
    async make(request, { onProgress, signal }) {
      const rows = listClipRows(library.catalog, request.dataset)
      if (rows.length === 0) return fail('INVALID', 'This dataset has no clips', { hint: 'Import recordings first.' })
      const clips = rows.map((clip): TrainingClip => {
        const { id, recordingId, startSample, endSample, sampleRate, edits } = clip
        const path = library.mediaPath({ ...clip, id: recordingId })
        return { id, contentKey: recordingId, path, startSample, endSample, sampleRate, edits: [...edits], label: 0, split: 'train' }
      })
      const source = await sourceOf(library, request, ratesOf(clips))
      if (!source.ok) return source
      const { frontEnd, network, weights } = source.value
      const layer = network?.layer ?? null
      const key = hashJson({
        arithmetic: ARITHMETIC_VERSION, frontEnd: frontEndHash(frontEnd), weights, layer, reduction: request.reduction,
        clips: hashBytes(clips.map((c) => `${c.id} ${clipKey({ recording: c.contentKey, start: c.startSample, end: c.endSample, edits: c.edits ?? [] })}`).join('\n')),
      })
      const known = await cache.get(key)
      const kept = known && decode(known)
      if (kept) return ok({ ...kept, layer })
      const job: MapJob = { clips, frontEnd, features: library.folder.features, network, reduction: request.reduction, threads: defaultThreads() }
      const made = await startMap(job, { onProgress, signal, ...(entry === undefined ? {} : { entry }) })
      if (!made.ok) return made
      // Clips that could not be read may be readable the next time.
      if (made.value.skipped === 0) void cache.put(key, encode(made.value))
      return ok({ ...made.value, layer })
    },
  }
}

interface Source {
  readonly frontEnd: FrontEndConfig
  readonly network: MapJob['network']
  /** Names the weights. */
  readonly weights: string | null
}

/** Clips of each rate of recordings, Hz. */
const ratesOf = (clips: readonly TrainingClip[]) =>
  [...Map.groupBy(clips, (c) => c.sampleRate)].map(([sampleRate, some]) => ({ sampleRate, clips: some.length }))

async function sourceOf(library: Library, { of }: MapRequest, rates: ReturnType<typeof ratesOf>): Promise<Result<Source>> {
  if (of.kind === 'features') {
    const frontEnd = loadFrontEnd(of.frontEnd, { datasetSampleRate: commonestRate(rates) })
    return frontEnd.ok ? ok({ frontEnd: frontEnd.value, network: null, weights: null }) : frontEnd
  }
  const details = await readRun(library, of.run)
  if (!details.ok) return details
  const { config } = details.value
  const { architecture, frontEnd } = config.settings
  const classes = config.labels.length
  const network = planNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes })
  if (!network.ok) return network
  const layer = of.layer ?? penultimate(network.value)
  if (layer === undefined) return fail('INVALID', `${architecture.name} has a single layer, which gives the classes themselves`, { hint: 'Map the features instead.' })
  const chosen = await chooseCheckpoint(details.value)
  if (!chosen.ok) return chosen
  const { path, checkpoint } = chosen.value
  return ok({ frontEnd, network: { architecture, classes, checkpoint: path, layer }, weights: [of.run, basename(path), checkpoint.state.step].join(' ') })
}

/** What the last layer takes: the network's own view of a clip, before it is told apart by class. */
const penultimate = ({ nodes }: Network): string | undefined => nodes.at(-2)?.path

/** JSON of what is not the positions, its length before it, then ids and positions. */
function encode({ ids, positions, variance, skipped }: MadeMap): Uint8Array {
  const head = Buffer.from(JSON.stringify({ count: ids.length, variance, skipped }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  const bytes = (values: Int32Array | Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  return Buffer.concat([length, head, bytes(ids), bytes(positions)])
}

function decode(bytes: Uint8Array): MadeMap | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = 4 + buffer.readUInt32LE(0)
  const { count, variance, skipped } = JSON.parse(buffer.toString('utf8', 4, at)) as { count: number; variance: number[]; skipped: number }
  if (buffer.length !== at + 12 * count) return null
  // Copied: the numbers need not lie at a multiple of four.
  const numbers = new Uint8Array(buffer.subarray(at)).buffer
  return { ids: new Int32Array(numbers, 0, count), positions: new Float32Array(numbers, 4 * count, 2 * count), variance, skipped }
}
