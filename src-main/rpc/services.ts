import type { DecodePool, EnvelopeCache } from '../audio/index.ts'
import type { Library } from '../catalog/index.ts'
import type { ClipBrowser, QualityJob, SplitPreview } from '../curation/index.ts'
import type { Experiments } from '../experiments/index.ts'
import type { ClipMaps } from '../embedding/index.ts'
import type { Explainer } from '../explanation/index.ts'
import type { Pictures } from '../pictures/index.ts'
import type { createEstimator, createRunDescriber, LabelChecks, MetricsReader, RunQueue } from '../runs/index.ts'
import type { AugmentPreview } from '../training/index.ts'
import type { Changes } from './changes.ts'
import type { DetectionJobs } from './detection-jobs.ts'
import type { Listening } from './listening.ts'
import type { Places } from './places.ts'
import type { Shelf } from './shelf.ts'
import type { Uploads } from './uploads.ts'

/** What the handlers work with; composed once by the app, for every door alike. */
export interface Services {
  readonly library: Library
  readonly browser: ClipBrowser
  readonly splits: SplitPreview
  readonly decodePool: DecodePool
  readonly envelopes: EnvelopeCache
  readonly pictures: Pictures
  readonly changes: Changes
  readonly quality: QualityJob
  /** Goes up when the progress of `quality` changes. */
  readonly qualityChanges: Changes
  /** Trainings, one at a time. */
  readonly queue: RunQueue
  readonly experiments: Experiments
  /** Looks for likely label errors, one dataset at a time. */
  readonly checks: LabelChecks
  readonly metrics: MetricsReader
  readonly describeRun: ReturnType<typeof createRunDescriber>
  readonly estimate: ReturnType<typeof createEstimator>
  readonly places: Places
  /** The folder of the sample set. */
  readonly samples: string
  readonly preview: AugmentPreview
  readonly maps: ClipMaps
  readonly explainer: Explainer
  /** Bytes of previews, for the addresses that their answers name. */
  readonly shelf: Shelf
  readonly uploads: Uploads
  readonly listening: Listening
  readonly detections: DetectionJobs
  /** The program's version. */
  readonly version: string
  /**
   * Whether a person may type a folder's path: in served mode, where there is no system dialog. In the desktop
   * window only the system's dialog and dropped folders name paths.
   */
  readonly typedPaths: boolean
  /** Something threw that never should: for the log, not for the person. */
  readonly onBug: (cause: unknown) => void
}
