import { datasetStats, listDatasets, listLabels } from '../../curation/index.ts'
import { ok } from '../../kit/index.ts'
import { duration, percent, table } from '../console.ts'
import { withLibrary } from '../with-library.ts'

export const showDatasets = withLibrary(async (library, { console }) => {
  const datasets = listDatasets(library)
  if (datasets.length === 0) console.say('There are no datasets yet. Make one: espectro import FOLDER --dataset NAME')
  else console.say(table(['dataset', 'clips', 'labels', 'length'], datasets.map((d) => [d.name, String(d.clips), String(d.labels), duration(d.seconds)])))
  return ok({ datasets: datasets.map(({ name, clips, labels, seconds }) => ({ name, clips, labels, seconds })) })
})

export const showStats = withLibrary(async (library, { console }, dataset: string) => {
  const found = datasetStats(library, dataset)
  if (!found.ok) return found
  const stats = found.value
  const longest = Math.max(1, ...stats.perLabel.map((l) => l.clips))
  console.say(`${stats.dataset}: ${stats.clips} clips, ${duration(stats.seconds)}, of ${stats.recordings} recordings`)
  if (stats.shortestSeconds !== null) console.say(`clips last ${stats.shortestSeconds.toFixed(2)} to ${stats.longestSeconds!.toFixed(2)} s`)
  if (stats.unlabelled > 0) console.say(`${stats.unlabelled} clips have no label`)
  if (stats.binned > 0) console.say(`${stats.binned} clips are in the bin`)
  console.say(`\n${table(['label', 'clips', 'length', ''], stats.perLabel.map((l) => [l.label, String(l.clips), duration(l.seconds), '▇'.repeat(Math.round((24 * l.clips) / longest))]))}`)
  console.say(`\n${table(['split', 'clips', 'share'], stats.perSplit.map((s) => [s.split ?? '(none yet)', String(s.clips), percent(s.clips / Math.max(1, stats.clips))]))}`)
  if (stats.perSpeaker.some((s) => s.speaker !== null))
    console.say(`\n${table(['speaker', 'clips', 'length'], stats.perSpeaker.map((s) => [s.speaker ?? '(unknown)', String(s.clips), duration(s.seconds)]))}`)
  console.say(`\n${table(['sample rate (Hz)', 'clips'], stats.perSampleRate.map((r) => [String(r.sampleRate), String(r.clips)]))}`)
  return ok({ ...stats })
})

export const showLabels = withLibrary(async (library, { console }, dataset: string) => {
  const labels = listLabels(library, dataset)
  if (!labels.ok) return labels
  console.say(labels.value.length === 0 ? 'The dataset has no labels yet.' : table(['label', 'clips'], labels.value.map((l) => [l.name, String(l.clips)])))
  return ok({ dataset, labels: labels.value.map((l) => ({ name: l.name, clips: l.clips })) })
})
