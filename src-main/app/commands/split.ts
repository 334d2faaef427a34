import { datasetStats, splitDataset } from '../../curation/index.ts'
import { ok } from '../../kit/index.ts'
import { table } from '../console.ts'
import { withLibrary } from '../with-library.ts'

interface Options {
  readonly group?: 'none' | 'speaker' | 'session'
  readonly test?: number
  readonly validation?: number
  readonly seed: number
  readonly testWhere?: string
  readonly testSpeakers?: string
}

/** With fewer known speakers there is none to spare for each side. */
const SPEAKERS_TO_SPLIT_BY = 3

export const split = withLibrary(async (library, { console }, dataset: string, { testSpeakers, group, ...options }: Options) => {
  const stats = datasetStats(library, dataset)
  if (!stats.ok) return stats
  // People who know the speakers want to hear how well the network does on new ones.
  const known = stats.value.perSpeaker.filter((s) => s.speaker !== null).length
  const byRule = options.testWhere !== undefined || testSpeakers !== undefined
  const chosen = group ?? (!byRule && known >= SPEAKERS_TO_SPLIT_BY ? 'speaker' : undefined)
  const report = splitDataset(library, dataset, {
    ...options,
    ...(chosen === undefined ? {} : { group: chosen }),
    ...(testSpeakers === undefined ? {} : { testSpeakers: testSpeakers.split(',').map((s) => s.trim()).filter((s) => s !== '') }),
  })
  if (!report.ok) return report
  const { speakers: _, ...printed } = report.value
  const { counts, byLabel, testBy, validationBy, warnings } = printed
  const cells = (c: typeof counts) => [String(c.train), String(c.validation), String(c.test)]
  console.say(`test: ${testBy}\nvalidation: ${validationBy}\n`)
  console.say(table(['label', 'train', 'validation', 'test'], [...byLabel.map((row) => [row.label ?? '(no label)', ...cells(row)]), ['total', ...cells(counts)]]))
  for (const warning of warnings) console.say(`\nwarning: ${warning.message}`)
  return ok({ dataset, ...printed })
})
