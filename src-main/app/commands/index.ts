/** The commands by name; `command-line.ts` tells them apart. */
import { showArchitectures } from './architectures.ts'
import { showDatasets, showLabels, showStats } from './datasets.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { exportRun } from './export.ts'
import { importRecordings } from './import.ts'
import { recognise } from './recognise.ts'
import { evaluate, showRun, showRuns } from './runs.ts'
import { split } from './split.ts'
import { train } from './train.ts'

export const commands = {
  import: importRecordings,
  datasets: showDatasets,
  stats: showStats,
  labels: showLabels,
  split,
  train,
  runs: showRuns,
  run: showRun,
  evaluate,
  export: exportRun,
  recognise,
  architectures: showArchitectures,
  demo,
  doctor,
}
