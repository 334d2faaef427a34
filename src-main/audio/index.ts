/**
 * audio: files of sound in, samples out. Reads headers, decodes (whole files or spans, in worker threads),
 * mixes to mono, resamples, renders the edits of clips, finds sounds in long recordings, measures quality and peaks,
 * and writes WAV. What comes in is known by its bytes, never by its name, and is not trusted: every file ends in samples
 * or in one error that says what is wrong with it. Knows only kit.
 */
export { mixToMono, type AudioInfo, type Container, type Pcm } from './pcm.ts'
export { decodeAudio, probeAudio, type DecodeRequest, type Inspection, type MonoSound } from './audio-file.ts'
export { createDecodePool, type DecodePool, type DecodePoolOptions, type JobOptions } from './decode-pool.ts'
export { openPcm, SEEKABLE, type PcmReader } from './pcm-reader.ts'
export { sampleExtremes } from './sample-extremes.ts'
export { isAudioFile } from './sniff.ts'
export { resample, resampledLength } from './resample.ts'
export { encodeWav, wavHeader } from './encode-wav.ts'
export { waveformPeaks, type WaveformPeaks } from './waveform-peaks.ts'
export * from './edits/index.ts'
export type { EnergyEnvelope } from './envelope.ts'
export { createEnvelopeCache, type EnvelopeCache } from './envelope-cache.ts'
export { findSegments, type SampleSpan, type Segmentation, type SegmentSettings } from './segment.ts'
export { snap, SNAP_REACH, type SnapTo } from './snap.ts'
export { measureQuality, QUALITY_LIMITS, SOUND_FLAGS, soundFlags, type Quality, type SoundFlag } from './quality.ts'
export { ANALYSIS_VERSION, type Analysis } from './analyse.ts'
export { fingerprint, FINGERPRINT_SIZE, similarity } from './fingerprint.ts'
export { nearPairs, NEAR_SIMILARITY, type NearPair } from './near-pairs.ts'
