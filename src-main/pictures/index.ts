/**
 * pictures: what a person sees of a recording. In: recordings in their files. Out: the lowest and highest samples at
 * several resolutions, measured by the decoding threads while the picture already grows; tiles of spectrograms,
 * computed by a graph in a process of their own. Both are kept in a bounded cache on the disk.
 */
export { createPictures, type Pictures, type PicturesOptions } from './pictures.ts'
export type { PictureSource } from './picture-source.ts'
export type { MeasureProgress, PeakPairs, Peaks } from './peaks.ts'
export type { Tiles } from './tiles.ts'
export { createPeakPyramid, type PeakLayout, type PeakPyramid } from './peak-pyramid.ts'
export { createStftModel, type StftGraph } from './stft-graph.ts'
export { gatherWindows, windowStart, type TilePlan } from './tile-windows.ts'
export { createByteCache, type ByteCache } from './byte-cache.ts'
export { createBoundedFolder, type BoundedFolder } from './bounded-folder.ts'
