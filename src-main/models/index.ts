/**
 * models: a trained network as one ONNX file. In: architecture, weights, front end, labels, where they came
 * from. Out: a file that takes a waveform and gives probabilities, and that says in its metadata what it is; and
 * the other way round, what a file from anywhere holds and whether it may be run.
 */
export { exportModel, writeModel, type ExportInput, type Precision } from './export-model.ts'
export { makeModel, type MadeModel, type MakeOptions, type ModelRequest } from './make-model.ts'
export { gatherFacts, type CardFacts } from './card/facts.ts'
export { writeCard, writeShortCard, type About, type Card } from './card/write-card.ts'
export { LANGUAGES, type Language } from './card/words.ts'
export { exampleFolder, type FolderEntry, type FolderRequest } from './folder/example-folder.ts'
export { folderName, saveFolder } from './folder/save-folder.ts'
export { calibrate, type CalibrateOptions } from './precision/calibrate.ts'
export type { Range, Ranges } from './precision/int8.ts'
export { loadModel, readModel, type LoadedModel, type ModelInfo } from './read-model.ts'
export { withoutFrontEnd } from './parts/without-front-end.ts'
export { wrapNetwork, type NetworkDeclaration } from './parts/wrap-network.ts'
export { LAYOUTS, layoutsOf, type Layout } from './parts/front-end-graph.ts'
export { narrowPlaces, networkAfter, withOutputs } from './split-model.ts'
export { verifyExport, type ExportComparison } from './verify-export.ts'
export { PRECISIONS, type InputName, type ModelMetadata, type PrecisionName, type Provenance } from './metadata.ts'
export { inspectModel, type ModelInspection, type ValueDescription } from './inspect/inspect-model.ts'
export { MODEL_LIMITS, type ModelLimits } from './inspect/limits.ts'
export { ALLOWED_OPERATORS } from './inspect/operators.ts'
export { settingsOf, windowsOf, withWorkingPoint, workingPointSchema, type WorkingPoint } from './working-point.ts'
