/**
 * features: from waveforms to what a network sees. In: a front-end config and mono samples at its rate. Out: a
 * graph (or a whole model) that turns waveforms [N, samples] into features [N, 1, height, width], the sizes
 * that follow from the config, and a crash-safe cache of computed features.
 */
export {
  frontEndHash,
  frontEndSchema,
  parseFrontEnd,
  parseSettings,
  type FrontEndConfig,
  type FrontEndInput,
} from './config.ts'
export { windowSamples } from './matrices.ts'
export type { SpectralConfig, WindowName } from './config.ts'
export { clipSamples, frontEndShape, signalSpan, spanFrames, validFrames, type FrameSpan } from './geometry.ts'
export { cropStart, fitClip, fitClipInto } from './fit.ts'
export { appendDatasetNormalisation, appendFrontEnd, createFittedFrontEndModel, createFrontEndModel, type FrontEndOptions } from './front-end.ts'
export { createFrameModel, createImageModel, frameLayout, type FrameLayout } from './frame-models.ts'
export { applyNormalisation, measureNormalisation, type DatasetNormalisation } from './normalisation.ts'
export { DEFAULT_FRONT_END, FRONT_ENDS, loadFrontEnd, withSampleRate, type FrontEndName } from './presets.ts'
export { computeFeatures, FEATURE_BATCH, packClips, type FrontEndRunner } from './batches.ts'
export { clipKey, openFeatureCache, type FeatureCache, type FeatureEntry } from './cache.ts'
