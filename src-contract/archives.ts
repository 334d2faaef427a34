/** A dataset as one `.espectro` file, to save: labels, clips and the recordings themselves. */
export const archiveUrl = (dataset: number): string => `/archives/${dataset}.espectro`
