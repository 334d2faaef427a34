import type { SplitCounts, SplitRequest as Asked } from '../../../src-contract/index.ts'
import { lockTest, splitDataset, type SplitReport, type SplitRequest } from '../../curation/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'
import { datasetName } from './names.ts'

export const splits = {
  state: calls.splits.state.handler(({ input, context: { services } }) => {
    const { unsplit, testLocked, groups, ...counts } = answer(services.splits.state(datasetName(services.library, input.dataset)))
    return { ...toCounts(counts), unsplit, testLocked, groups }
  }),
  preview: calls.splits.preview.handler(({ input, context: { services } }) =>
    toCounts(answer(services.splits.preview(datasetName(services.library, input.dataset), toRequest(input.request)))),
  ),
  apply: calls.splits.apply.handler(({ input, context: { services } }) => {
    const report = answer(splitDataset(services.library, datasetName(services.library, input.dataset), toRequest(input.request)))
    services.changes.announce()
    return toCounts(report)
  }),
  lockTest: calls.splits.lockTest.handler(({ input, context: { services } }) => {
    answer(lockTest(services.library, datasetName(services.library, input.dataset), input.locked))
    services.changes.announce()
  }),
}

function toRequest({ group, seed, validation, test }: Asked): SplitRequest {
  const rest = { group: group ?? ('none' as const), seed, validation }
  if (test.by === 'keep') return { ...rest, keepTest: true }
  return test.by === 'rule' ? { ...rest, testWhere: test.where } : { ...rest, test: test.fraction }
}

const toCounts = ({ counts, byLabel, speakers, warnings }: Pick<SplitReport, keyof SplitCounts>): SplitCounts => ({
  counts, byLabel: [...byLabel], speakers, warnings: warnings.map((w) => ({ ...w, examples: [...w.examples] })),
})
