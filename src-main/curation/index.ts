/**
 * curation: what a person does with datasets. In: folders of audio with their labels, and edits. Out: clips in
 * the catalog, statistics, splits, and reports of what went wrong. Every edit is one transaction that can be
 * undone. It keeps no state of its own and writes only through catalog.
 */
export { importFolder, type ImportOptions, type ImportProgress, type ImportRequest } from './import-folder.ts'
export type { ImportConflict, ImportFailure, ImportReport } from './import-report.ts'
export type { LabelSource } from './label-source.ts'
export { compilePattern, PATTERN_FIELDS, type NamePattern } from './name-pattern.ts'
export { parseCondition, CONDITION_FIELDS, type ClipCondition } from './clip-condition.ts'
export { splitDataset, type SplitReport, type SplitRequest } from './split-dataset.ts'
export { planSplit, type Fractions, type SplitClip, type SplitGroup } from './split-plan.ts'
export { checkLeakage, type LeakageClip, type SplitWarning } from './leakage.ts'
export {
  datasetStats, listClips, listDatasets, listLabels, type DatasetStats, type DatasetSummary, type ListedClip,
} from './datasets.ts'
export {
  addLabel, binClips, changeLabel, mergeLabels, redo, removeLabel, renameLabel, reorderLabels, restoreClips, setLabel,
  setHard, setReview, setSpeaker, setSplit, undo,
} from './edits.ts'
export {
  binDataset, createDataset, duplicateDataset, lockTest, moveToDataset, removeFilter, renameDataset, renameFilter, restoreDataset, saveFilter,
  type Moved,
} from './dataset-edits.ts'
export { emptyBin, summariseBin, type BinSummary, type EmptiedBin } from './bin.ts'
export { overviewDatasets, type DatasetOverview } from './dataset-overview.ts'
export { createSplitPreview, type SplitPreview, type SplitState } from './split-preview.ts'
export { exportDataset, type ExportReport, type ExportRequest } from './export-dataset.ts'
export { createRegions, mergeRegions, placeRegion, splitRegion, type NewRegions } from './regions.ts'
export type { RegionSpan } from './region-space.ts'
export { setSoundEdits } from './sound-edits.ts'
export { acceptSuggestions, dropSuggestions, suggestLabels, type SuggestedLabel } from './suggestions.ts'
export { CLIP_MARKS, type ClipMarkName } from './clip-marks.ts'
export { decideClip, takeBackDecision, type Decided, type Decision } from './review.ts'
export { previewImport, type ImportPreview } from './import-preview.ts'
export {
  BROWSE_ORDERS, catalogVersion, createClipBrowser,
  type BrowseFacets, type BrowseFilter, type BrowseOrder, type BrowseRow, type ClipBrowser, type FacetCount,
} from './browse/index.ts'
export { clipsOfRecording, openClip, presentClips, recordingSessions, type OpenedClip } from './recording-clips.ts'
export { QUALITY_FLAGS, type QualityFlag } from './quality-flags.ts'
export { createQualityJob, type QualityJob, type QualityProgress } from './quality-job.ts'
export { clipQuality, type ClipQuality } from './clip-quality.ts'
export { keepBest, type KeepBestReport, type Likeness } from './keep-best.ts'
export { keepSound, type KeptSound, type NewSound } from './keep-sound.ts'
export { findTables, previewTable, tablePath, type FoundTable } from './import-tables.ts'
export type { ColumnPlaces, Delimiter, Table, TableOptions } from './csv-table.ts'
