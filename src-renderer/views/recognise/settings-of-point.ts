import type { DetectSettings, ListenOptions, WorkingPoint } from '@contract'
import { DEFAULT_OPTIONS } from './options.ts'

/** Seconds between the windows over files. */
export const FILE_HOP = 0.1
const DETECT_DEFAULTS: DetectSettings = { threshold: 0.5, smoothing: 3, thresholds: {}, smoothings: {}, minimumDuration: 0.2, suppression: 0.4 }

const windows = (seconds: number, hop: number, most: number): number => Math.min(most, Math.max(1, Math.round(seconds / hop)))
const ofLabels = <T>(point: WorkingPoint, value: (own: WorkingPoint['labels'][string]) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(point.labels).map(([label, own]) => [label, value(own)]))

/** How files are detected in unless somebody says otherwise: at the model's working point, where it has one. */
export const detectDefaults = (point: WorkingPoint | null): DetectSettings =>
  point === null
    ? { ...DETECT_DEFAULTS, thresholds: {}, smoothings: {} }
    : {
        ...DETECT_DEFAULTS,
        threshold: point.threshold,
        smoothing: windows(point.smoothing, FILE_HOP, 1000),
        thresholds: ofLabels(point, (own) => own.threshold),
        smoothings: ofLabels(point, (own) => windows(own.smoothing, FILE_HOP, 1000)),
      }

/** The same for the microphone. */
export const listenDefaults = (point: WorkingPoint | null): ListenOptions =>
  point === null
    ? { ...DEFAULT_OPTIONS }
    : {
        ...DEFAULT_OPTIONS,
        threshold: point.threshold,
        smoothing: windows(point.smoothing, DEFAULT_OPTIONS.hop, 200),
        thresholds: ofLabels(point, (own) => own.threshold),
        smoothings: ofLabels(point, (own) => windows(own.smoothing, DEFAULT_OPTIONS.hop, 200)),
      }
