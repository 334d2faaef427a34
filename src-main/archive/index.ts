/**
 * archive: a dataset as one `.espectro` file, to keep or to give away. In: a dataset, or an archive from anywhere. Out:
 * a stream of bytes, or a dataset. An archive is not trusted: names, sizes, hashes and rows are checked.
 */
export { writeArchive } from './write-archive.ts'
export { importArchive, type ArchiveReport, type ImportArchiveOptions } from './import-archive.ts'
export { writeZip } from './write-zip.ts'
