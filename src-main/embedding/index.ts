/**
 * embedding: clips as points of a plane. In: the clips of a dataset and a front end, or a layer of a trained network.
 * Out: two coordinates a clip, by principal components or by UMAP, so that clips that sound alike lie together. The
 * work happens in a child process; what it found is kept in a bounded cache on the disk.
 */
export { createClipMaps, type ClipMap, type ClipMaps, type MapRequest } from './clip-maps.ts'
export type { MapProgress, MapStage, Reduction } from './process/messages.ts'
export { principalComponents, type Components } from './pca.ts'
export { createRowProducts, type RowProducts } from './row-products.ts'
export { nearestNeighbours, type Neighbours } from './neighbours.ts'
export { umap, type UmapOptions } from './umap/umap.ts'
export { fitCurve } from './umap/curve.ts'
