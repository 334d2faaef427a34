import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { ERROR_CODES, call } from './errors.ts'
import { PlaceToken } from './imports.ts'
import { Id, Name, Sha256 } from './values.ts'

const probability = z.number().min(0).max(1)
const seconds = z.number().nonnegative()
const labelKey = z.string().max(200)

/** How scores become detections; can be changed without judging the sound again. */
export const DetectSettings = z.strictObject({
  threshold: probability,
  /** Windows that are averaged. */
  smoothing: z.int().min(1).max(1000),
  /** For single labels, instead of the two above. */
  thresholds: z.record(labelKey, probability),
  smoothings: z.record(labelKey, z.int().min(1).max(1000)),
  /** Seconds for which a label must hold. */
  minimumDuration: z.number().min(0).max(60),
  /** Seconds within which only the most probable detection stays. */
  suppression: z.number().min(0).max(60),
})
export type DetectSettings = z.infer<typeof DetectSettings>

/** Scored recordings, kept while they are looked at. */
export const JobId = z.string().regex(/^[\w-]{22}$/)

export const FilesEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), job: JobId, labels: z.array(z.string()), hop: seconds }),
  /** `seconds` of the file `name` have been judged, of `length` where that is known. */
  z.strictObject({ type: z.literal('progress'), done: z.int().nonnegative(), total: z.int().nonnegative(), name: z.string(), seconds, length: seconds.nullable() }),
  z.strictObject({ type: z.literal('file'), file: z.int().nonnegative(), name: z.string(), seconds }),
  z.strictObject({ type: z.literal('failed'), name: z.string(), code: z.enum(ERROR_CODES), message: z.string(), hint: z.string().nullable() }),
  /** All that was there has been judged; new files are waited for. */
  z.strictObject({ type: z.literal('watching') }),
])
export type FilesEvent = z.infer<typeof FilesEvent>

export const FileDetection = z.strictObject({ file: z.int().nonnegative(), label: z.string(), probability, start: seconds, end: seconds })
export type FileDetection = z.infer<typeof FileDetection>

/** Detections in one answer at most. */
export const MOST_DETECTIONS = 50_000

export const WorkingPoint = z.strictObject({
  threshold: probability,
  /** Seconds over which scores are averaged. */
  smoothing: z.number().min(0).max(10),
  /** Single labels that have their own. */
  labels: z.record(labelKey, z.strictObject({ threshold: probability, smoothing: z.number().min(0).max(10) })),
})
export type WorkingPoint = z.infer<typeof WorkingPoint>

export const CalibrationSource = z.discriminatedUnion('from', [
  /** Recordings in a folder, with a label file of the same name beside each; or background only, where nothing should be detected. */
  z.strictObject({ from: z.literal('place'), place: PlaceToken, background: z.boolean() }),
  /** A recording of the library, with its clips in a dataset. */
  z.strictObject({ from: z.literal('recording'), dataset: Id, recording: Sha256 }),
])
export type CalibrationSource = z.infer<typeof CalibrationSource>

/** Counts at one threshold. */
export const OperatingPoint = z.strictObject({ threshold: probability, falseAccepts: z.int().nonnegative(), falseRejects: z.int().nonnegative() })
export type OperatingPoint = z.infer<typeof OperatingPoint>
export const OperatingCurve = z.strictObject({
  label: z.string(),
  /** Windows and seconds that are averaged. */
  smoothing: z.int().positive(),
  smoothingSeconds: seconds,
  /** Times the label is said. */
  events: z.int().nonnegative(),
  points: z.array(OperatingPoint),
})
export type OperatingCurve = z.infer<typeof OperatingCurve>

export const CalibrationEvent = z.discriminatedUnion('type', [
  /** `scoring`: seconds of the recordings; `counting`: a share of 1. */
  z.strictObject({ type: z.literal('progress'), stage: z.enum(['scoring', 'counting']), name: z.string(), done: z.number().nonnegative() }),
  z.strictObject({
    type: z.literal('result'),
    recordings: z.int().positive(),
    seconds,
    hop: seconds,
    /** Labels of the reference that the model does not have: they count as background. */
    foreign: z.array(z.string()),
    curves: z.array(OperatingCurve),
  }),
])
export type CalibrationEvent = z.infer<typeof CalibrationEvent>

export const Parity = z.strictObject({
  /** Sounds and windows compared. */
  sounds: z.int().positive(),
  windows: z.int().positive(),
  /** Largest differences of a probability. */
  microphoneAndFile: z.number().nonnegative(),
  microphoneAndModel: z.number().nonnegative(),
  fileAndModel: z.number().nonnegative(),
  /** Windows share their frames in the ways of microphone and file; else all three do the same work. */
  shared: z.boolean(),
  /** The difference that would be found if one way were a window late. */
  oneHopLate: z.number().nonnegative(),
  /** What counts as the same. */
  limit: z.number().positive(),
})
export type Parity = z.infer<typeof Parity>

const job = z.strictObject({ job: JobId, settings: DetectSettings })

export const detection = {
  /** Judges every recording in a folder and below it. Leaving the stream stops it; what was judged is kept for a while. */
  files: call
    .input(
      z.strictObject({
        model: Sha256,
        place: PlaceToken,
        /** Seconds between windows. */
        hop: z.number().min(0.01).max(10),
        /** Goes on with files that arrive. */
        watch: z.boolean(),
        /** Adds the detections of every file to `espectro-detections.csv` in the folder, by these settings. */
        csv: DetectSettings.nullable(),
      }),
    )
    .output(eventIterator(FilesEvent)),
  list: call.input(job).output(z.strictObject({ detections: z.array(FileDetection), more: z.boolean() })),
  export: call.input(job.extend({ format: z.enum(['csv', 'audacity', 'raven']) })).output(z.strictObject({ text: z.string() })),
  /** Makes a clip of a span of a judged file. */
  keep: call
    .input(z.strictObject({ job: JobId, file: z.int().nonnegative(), start: seconds, end: seconds, dataset: Name, label: Name.nullable() }))
    .output(z.strictObject({ clip: Id, added: z.boolean() })),
  close: call.input(z.strictObject({ job: JobId })).output(z.void()),
  /** Recordings of a dataset with several labelled clips: sessions that a model can be calibrated on. */
  sessions: call.input(z.strictObject({ dataset: Id })).output(z.array(z.strictObject({ recording: Sha256, name: z.string(), clips: z.int().positive() }))),
  calibrate: call
    .input(z.strictObject({ model: Sha256, source: CalibrationSource, hop: z.number().min(0.01).max(10), /** Seconds. */ tolerance: z.number().min(0).max(10) }))
    .output(eventIterator(CalibrationEvent)),
  /** The chosen one; else the one that the file brought; else null. */
  workingPoint: call.input(z.strictObject({ model: Sha256 })).output(WorkingPoint.nullable()),
  /**
   * Remembers it for the model. `inFile` also writes a file that brings it along: another model of the same name, whose
   * id is given back.
   */
  setWorkingPoint: call.input(z.strictObject({ model: Sha256, point: WorkingPoint.nullable(), inFile: z.boolean() })).output(z.strictObject({ model: Sha256 })),
  /** Compares the microphone's path, the path of files and the exported file itself, on test clips or samples. */
  parity: call.input(z.strictObject({ model: Sha256 })).output(Parity),
}

/** A span of a judged file as WAV. Times in seconds. */
export const detectedSoundUrl = (of: { readonly job: string; readonly file: number; readonly start: number; readonly end: number }): string =>
  `/detected/${of.job}/${of.file}/${Math.round(of.start * 1000)}-${Math.round(of.end * 1000)}.wav`
