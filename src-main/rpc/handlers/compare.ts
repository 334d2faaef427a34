import { buffer } from 'node:stream/consumers'
import { writeZip } from '../../archive/index.ts'
import { getRun, listQueue, listRunGroups, listRuns } from '../../catalog/index.ts'
import { fail, ok, type Result } from '../../kit/index.ts'
import { curveNames, findDisagreements, hashPolicy, overlayCurves, readCost, readPredictions, runLogFile, type OverlayRun, type RunCost, type SettingValue } from '../../runs/index.ts'
import { listPolicies, runFiles } from '../../training/index.ts'
import { answer } from '../call-errors.ts'
import { measureCost, processorName } from '../run-cost.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'
import { toRun } from './run-rows.ts'

const shownCost = (cost: RunCost) => ({ ...cost, here: cost.processor === processorName() })

export const compare = {
  table: calls.compare.table.handler(({ input, context: { services } }) => {
    const { library, queue, describeRun } = services
    const places = { queued: new Set(listQueue(library).map((q) => q.run)), current: queue.state.current?.run ?? null }
    // Of two policies alike the one that comes with Espectro gives the name.
    const policies = new Map(listPolicies(library).map(({ name, policy }) => [hashPolicy(policy), name] as const).toReversed())
    const settings = placesOf<string>()
    const parts = placesOf<ReadonlyMap<string, SettingValue>>()
    const runs = listRuns(library, { binned: input.which === 'binned' ? 'only' : 'no' }).map((record) => {
      const described = describeRun(record)
      const cost = readCost(record)
      return {
        run: toRun(record, places, described?.config ?? null),
        frontEnd: described?.frontEnd ?? null,
        policy: described ? (policies.get(described.policyHash) ?? null) : null,
        macs: described?.macs ?? null,
        cost: cost && shownCost(cost),
        parts: described?.parts.map(parts.of) ?? [],
      }
    })
    const shown = parts.all().map((part) => ({ at: [...part.keys()].map(settings.of), values: [...part.values()] }))
    return { settings: settings.all(), parts: shown, groups: listRunGroups(library).map(({ id, name, kind }) => ({ id, name, kind })), runs }
  }),
  curves: calls.compare.curves.handler(async ({ input: { groups, ...options }, context: { services } }) => {
    const names = new Set<string>()
    const read = async (id: string): Promise<OverlayRun> => {
      const record = answer(getRun(services.library, id))
      const series = await services.metrics.readAll(runFiles(record.folder).metrics)
      for (const name of curveNames(series)) names.add(name)
      return { series, stepsPerEpoch: services.describeRun(record)?.stepsPerEpoch ?? 1 }
    }
    const runs = await Promise.all(groups.map((ids) => Promise.all(ids.map(read))))
    return { curves: overlayCurves(runs, options).map(toCurve), names: [...names] }
  }),
  disagreements: calls.compare.disagreements.handler(async ({ input: { a, b, split }, context: { services: { library } } }) => {
    const [first, second] = [answer(await readPredictions(library, a, split)), answer(await readPredictions(library, b, split))]
    const empty = [a, b].find((_, i) => [first, second][i]!.id.length === 0)
    if (empty !== undefined) answer(fail('NOT_FOUND', `The run ${empty} was not evaluated on ${split} clips`, { hint: 'Choose the other side of the split.' }))
    const { rows, ...counts } = findDisagreements(first, second)
    return { ...counts, rows: rows.map((row) => ({ ...row })) }
  }),
  logs: calls.compare.logs.handler(async ({ input: { runs, format }, context: { services: { library, shelf } } }) => {
    const files = []
    for (const run of new Set(runs)) {
      const { place, bytes } = answer(await runLogFile(library, run, format))
      files.push({ path: place.join('/'), bytes })
    }
    const folder = `espectro-${format}`
    return { file: shelf.put(new Uint8Array(await buffer(writeZip(folder, files))), 'application/zip'), name: `${folder}.zip` }
  }),
  measure: calls.compare.measure.handler(async ({ input, context: { services }, signal }) => {
    answer(idle(services))
    const cost = answer(await measureCost(services, input.run, signal))
    services.changes.announce()
    return shownCost(cost)
  }),
}

/** Numbers things in the order in which they were first met. */
function placesOf<T>(): { readonly of: (thing: T) => number; readonly all: () => T[] } {
  const places = new Map<T, number>()
  return {
    of(thing) {
      const place = places.get(thing) ?? places.size
      places.set(thing, place)
      return place
    },
    all: () => [...places.keys()],
  }
}

/** A processor that trains gives wrong times. */
const idle = ({ queue }: Services): Result<void> =>
  queue.state.current ? fail('INVALID', 'A training is under way, so that a model cannot be timed', { hint: 'Measure again when it has ended.' }) : ok(undefined)

const toCurve = ({ x, y, smooth, band, ...rest }: ReturnType<typeof overlayCurves>[number]) => ({
  ...rest, x: [...x], y: [...y], smooth: [...smooth], band: band && { low: [...band.low], high: [...band.high] },
})
