/**
 * src-contract: what the window and the program say to each other. One entry a call, with zod schemas that
 * are the source of its types, checked strictly on the way in and on the way out; error codes; the addresses
 * of binary media. In: nothing. Out: schemas, types and constants. Imports nothing of the app, so that both
 * sides can rest on it.
 */
export * from './errors.ts'
export * from './values.ts'
export * from './library.ts'
export * from './datasets.ts'
export * from './labels.ts'
export * from './edits.ts'
export * from './clips.ts'
export * from './recordings.ts'
export * from './splits.ts'
export * from './filters.ts'
export * from './bin.ts'
export * from './regions.ts'
export * from './review.ts'
export * from './imports.ts'
export * from './exports.ts'
export * from './uploads.ts'
export * from './takes.ts'
export * from './quality.ts'
export * from './history.ts'
export * from './runs.ts'
export * from './training.ts'
export * from './models.ts'
export * from './archives.ts'
export * from './recognition.ts'
export * from './augmentation.ts'
export * from './media.ts'
export * from './bridge.ts'
export * from './contract.ts'
