import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { availableParallelism } from 'node:os'
import { createDecodePool, createEnvelopeCache } from '../audio/index.ts'
import { openLibrary, type OpenOptions } from '../catalog/index.ts'
import { createClipBrowser, createQualityJob, createSplitPreview } from '../curation/index.ts'
import { PEAK_BUCKET, PEAK_FACTOR } from '../../src-contract/index.ts'
import { createExperiments } from '../experiments/index.ts'
import { createClipMaps } from '../embedding/index.ts'
import { createExplainer } from '../explanation/index.ts'
import { createScope, ok, type Result } from '../kit/index.ts'
import { createPictures } from '../pictures/index.ts'
import { createCallHandler, createChanges, createDetectionJobs, createListening, createPlaces, createRequestHandler, createShelf, createUploads, type CallHandler, type Services } from '../rpc/index.ts'
import { createEstimator, createLabelChecks, createMetricsReader, createRunDescriber, createRunQueue, type RunQueue } from '../runs/index.ts'
import { createAugmentPreview } from '../training/index.ts'

export interface StudioOptions {
  /** The library's folder. */
  readonly library: string
  /** The folder of the built page. */
  readonly page: string
  /** The folder of the sample set; the project's own unless told. */
  readonly samples?: string
  /** Whether folders may be named by typing; see `Services`. */
  readonly typedPaths: boolean
  /** Where the folder dialog starts, and what it offers; the home folder and its neighbours unless told. */
  readonly places?: readonly string[]
  /** The program's version; from package.json unless told. */
  readonly version?: string
  readonly open?: OpenOptions
  readonly onBug?: (cause: unknown) => void
}

const SAMPLES = fileURLToPath(new URL('../../resources/samples/', import.meta.url))

/** The studio without a door: both doors (desktop window, served mode) open this one. */
export interface Studio extends AsyncDisposable {
  readonly services: Services
  readonly calls: CallHandler
  /** Media of the library and the built page. */
  readonly answer: (request: Request) => Promise<Response>
}

/** How often a change by another program (an import on the command line) is looked for, ms. */
const LOOK_FOR_CHANGES = 1000

export function openStudio(options: StudioOptions): Result<Studio> {
  const library = openLibrary(options.library, options.open)
  if (!library.ok) return library
  const scope = createScope()
  scope.add(library.value)
  const onBug = options.onBug ?? ((cause: unknown) => process.stderr.write(`${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`))
  const changes = createChanges()
  const qualityChanges = createChanges()
  const quality = scope.add(createQualityJob(library.value, {
    // One processor stays free for what a person does.
    makePool: () => createDecodePool({ workers: Math.max(1, Math.min(4, availableParallelism() - 1)) }),
    onChange: (what) => (what === 'rows' ? changes : qualityChanges).announce(),
    onProblem: onBug,
  }))
  const decodePool = scope.add(createDecodePool())
  const queue = scope.add(createRunQueue(library.value, { onChange: () => changes.announce(), onBug }))
  const checks = scope.add(createLabelChecks(library.value, { onBug, untilFree: (signal) => untilIdle(queue, signal) }))
  const services: Services = {
    checks,
    library: library.value,
    browser: createClipBrowser(library.value),
    splits: createSplitPreview(library.value),
    decodePool,
    pictures: scope.add(createPictures({ pool: decodePool, cache: library.value.folder.cache, peaks: { bucket: PEAK_BUCKET, factor: PEAK_FACTOR } })),
    preview: scope.add(createAugmentPreview(library.value, decodePool)),
    explainer: scope.add(createExplainer()),
    maps: createClipMaps(library.value, { cache: library.value.folder.cache }),
    shelf: createShelf(),
    envelopes: createEnvelopeCache(decodePool),
    changes,
    quality,
    qualityChanges,
    queue,
    experiments: scope.add(createExperiments(library.value, queue, { onChange: () => changes.announce(), onBug })),
    metrics: createMetricsReader(),
    describeRun: createRunDescriber(),
    estimate: createEstimator(),
    samples: options.samples ?? SAMPLES,
    places: createPlaces(options.places ? { shortcuts: options.places } : {}),
    listening: scope.add(createListening()),
    detections: createDetectionJobs(),
    uploads: scope.add(createUploads(library.value.folder.inbox)),
    version: options.version ?? programVersion(),
    typedPaths: options.typedPaths,
    onBug,
  }
  const closed = new AbortController()
  scope.defer(() => closed.abort())
  void wakeAtChanges(services, closed.signal)
  const timer = setInterval(createChangeWatch(services), LOOK_FOR_CHANGES)
  timer.unref()
  scope.defer(() => clearInterval(timer))
  return ok({
    services,
    calls: createCallHandler(),
    answer: createRequestHandler(services, options.page),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  })
}

/** A check of labels leaves the machine to the trainings that are under way or wait. */
async function untilIdle(queue: RunQueue, signal: AbortSignal): Promise<void> {
  for await (const { current, held, waiting } of queue.watch(signal)) if (current === null && (held || waiting.length === 0)) return
}

/** The first look comes at once: what was left to do when the program ended goes on. */
async function wakeAtChanges({ changes, quality }: Services, signal: AbortSignal): Promise<void> {
  for await (const _ of changes.watch(signal)) quality.wake()
}

function createChangeWatch({ library, changes }: Services): () => void {
  const look = () => library.catalog.get<{ version: number }>('SELECT data_version AS version FROM pragma_data_version')?.version
  let seen = look()
  return () => {
    const now = look()
    if (now !== seen) changes.announce()
    seen = now
  }
}

/** From package.json, two folders above the sources. */
function programVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
  return version
}
