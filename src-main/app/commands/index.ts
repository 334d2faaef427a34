/**
 * The commands by name. Each is loaded when it is called, so that `--help` and the small ones answer at once
 * instead of waiting for ONNX Runtime, SQLite and the decoders.
 */
import type { Handler } from '../command-line.ts'

const later =
  <A extends readonly unknown[]>(load: () => Promise<Handler<A>>): Handler<A> =>
  async (invocation, ...args) =>
    (await load())(invocation, ...args)

export const commands = {
  import: later(async () => (await import('./import.ts')).importRecordings),
  datasets: later(async () => (await import('./datasets.ts')).showDatasets),
  stats: later(async () => (await import('./datasets.ts')).showStats),
  labels: later(async () => (await import('./datasets.ts')).showLabels),
  split: later(async () => (await import('./split.ts')).split),
  train: later(async () => (await import('./train.ts')).train),
  runs: later(async () => (await import('./runs.ts')).showRuns),
  run: later(async () => (await import('./runs.ts')).showRun),
  evaluate: later(async () => (await import('./runs.ts')).evaluate),
  log: later(async () => (await import('./log.ts')).writeLogs),
  export: later(async () => (await import('./export.ts')).exportRun),
  recognise: later(async () => (await import('./recognise.ts')).recognise),
  architectures: later(async () => (await import('./architectures.ts')).showArchitectures),
  serve: later(async () => (await import('./serve.ts')).serve),
  demo: later(async () => (await import('./demo.ts')).demo),
  doctor: later(async () => (await import('./doctor.ts')).doctor),
}
