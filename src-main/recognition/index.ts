/**
 * recognition: a model at work. In: an exported model and audio files. Out: for each file its label, or for long
 * recordings the detections with their times; as values or in the formats that other programs read. The model
 * runs in its own process.
 */
export { countWindows, isBackgroundLabel, windowScores, type ScoreTrack } from './score-track.ts'
export { smoothScores, smoothedTime } from './smoothing.ts'
export { activeWindows, backgroundLevel, createLevelMeter, type LevelMeter } from './activity.ts'
export { findDetections, type Detection, type DetectionOptions } from './detections.ts'
export { spansOf, type ClipRecognition, type Recognition, type StreamRecognition } from './recognition.ts'
export { formatRecognitions, RECOGNITION_FORMATS, type RecognitionFormat } from './formats/format.ts'
export { startModelProcess, type ModelProcess, type ModelProcessOptions } from './process/model-process.ts'
export { startModelCrew, type ModelCrew } from './process/model-crew.ts'
export { scoreRecording } from './score-recording.ts'
export { measureModel, type LabelledSound, type MeasureOptions, type Measurement } from './measure-model.ts'
export { timeModel, type Timing } from './time-model.ts'
export { recogniseFiles, type FileFailure, type RecogniseProgress, type RecognitionReport } from './recognise-files.ts'
export { createLiveRecogniser, type LiveDetection, type LiveEvent, type LiveRecogniser, type LiveScores } from './live/live-recogniser.ts'
export { liveOptionsSchema, type LiveOptions } from './live/live-options.ts'
export { DEFAULT_OPTIONS, parseOptions, type RecogniseOptions } from './options.ts'
export { concernsModel } from './recognise-files.ts'
export { recordingPieces } from './recording-pieces.ts'
export { listSounds, type SoundFile } from './folder/list-sounds.ts'
export { watchFolder, type WatchOptions } from './folder/watch-folder.ts'
export { readReference, type ReferenceEvent } from './calibration/reference.ts'
export { DEFAULT_TOLERANCE, matchEvents, type Matched } from './calibration/matching.ts'
export { operatingCurves, THRESHOLDS, type OperatingCurve, type OperatingPoint, type ScoredRecording } from './calibration/calibrate-track.ts'
export { checkParity, PARITY_LIMIT, type Parity } from './parity.ts'
