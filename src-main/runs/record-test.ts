/** Puts a test that was done after the training into the run's records, as if the training had ended with it. */
import { readFile } from 'node:fs/promises'
import { getRun, updateRun, type Library } from '../catalog/index.ts'
import { err, ok, toAppError, writeFileAtomic, type Result } from '../kit/index.ts'
import { runFiles, type EvaluationResult, type Prediction, type TrainingResult } from '../training/index.ts'

/** What was said of test clips before, if anything, makes room for it. */
export async function recordTest(library: Library, id: string, { classification, predictions }: EvaluationResult): Promise<Result<void>> {
  const run = getRun(library, id)
  if (!run.ok) return run
  const files = runFiles(run.value.folder)
  try {
    const before = (await readFile(files.predictions, 'utf8')).split('\n').filter((line) => line !== '' && (JSON.parse(line) as Prediction).split !== 'test')
    const lines = [...before, ...predictions.map((p) => JSON.stringify(p))]
    await writeFileAtomic(files.predictions, lines.map((line) => `${line}\n`).join(''))
    const result = JSON.parse(await readFile(files.result, 'utf8')) as TrainingResult
    await writeFileAtomic(files.result, `${JSON.stringify({ ...result, evaluation: { ...result.evaluation, test: classification } }, null, 2)}\n`)
  } catch (cause) {
    return err(toAppError(cause, 'writing the test result of the run', run.value.folder))
  }
  const summary = { ...run.value.summary, 'test.accuracy': classification.accuracy, 'test.macroF1': classification.macroF1 }
  const updated = updateRun(library, id, { summary })
  return updated.ok ? ok(undefined) : updated
}
