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
export { scoreRecording } from './score-recording.ts'
export { measureModel, type LabelledSound, type Measurement } from './measure-model.ts'
export { recogniseFiles, type FileFailure, type RecogniseProgress, type RecognitionReport } from './recognise-files.ts'
export { createLiveRecogniser, type LiveDetection, type LiveEvent, type LiveRecogniser, type LiveScores } from './live/live-recogniser.ts'
export { liveOptionsSchema, type LiveOptions } from './live/live-options.ts'
export { DEFAULT_OPTIONS, parseOptions, type RecogniseOptions } from './options.ts'
