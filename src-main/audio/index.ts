/**
 * audio: files of sound in, samples out. Reads headers, decodes (whole files or spans, in worker threads),
 * mixes to mono, resamples, measures quality and peaks, and writes WAV. What comes in is known by its bytes,
 * never by its name, and is not trusted: every file ends in samples or in one error that says what is wrong
 * with it. Knows only kit.
 */
export { mixToMono, type AudioInfo, type Container, type Pcm } from './pcm.ts'
export { decodeAudio, probeAudio, type DecodeRequest, type Inspection, type MonoSound } from './audio-file.ts'
export { createDecodePool, type DecodePool, type DecodePoolOptions, type JobOptions } from './decode-pool.ts'
export { isAudioFile } from './sniff.ts'
export { resample, resampledLength } from './resample.ts'
export { encodeWav } from './encode-wav.ts'
export { waveformPeaks, type WaveformPeaks } from './waveform-peaks.ts'
export { measureQuality, QUALITY_LIMITS, SOUND_FLAGS, soundFlags, type Quality, type SoundFlag } from './quality.ts'
export { ANALYSIS_VERSION, type Analysis } from './analyse.ts'
export { fingerprint, FINGERPRINT_SIZE, similarity } from './fingerprint.ts'
export { nearPairs, NEAR_SIMILARITY, type NearPair } from './near-pairs.ts'
