import { listDatasets, listLabelRows, type Library, type Split } from '../catalog/index.ts'

/** A dataset at a glance: how much there is, how it is balanced, how it is divided. */
export interface DatasetOverview {
  readonly id: number
  readonly name: string
  readonly clips: number
  /** Duration of all its clips. */
  readonly seconds: number
  readonly labels: number
  readonly unlabelled: number
  readonly binned: number
  /** In the order of the labels. */
  readonly balance: readonly { readonly colour: string; readonly clips: number }[]
  readonly splits: Readonly<Record<Split, number>>
  readonly testLocked: boolean
}

interface Cell {
  readonly dataset: number
  readonly label: number | null
  readonly split: Split | null
  readonly clips: number
  readonly seconds: number
}

/** One walk along one index gives the numbers of all datasets. */
export function overviewDatasets({ catalog }: Library): DatasetOverview[] {
  const cells = Map.groupBy(
    catalog.all<Cell>(
      `SELECT dataset_id AS dataset, label_id AS label, split, count(*) AS clips, total(seconds) AS seconds FROM clips INDEXED BY clips_statistics
       WHERE binned_at IS NULL GROUP BY dataset_id, label_id, split`),
    (cell) => cell.dataset)
  const binned = new Map(
    catalog
      .all<{ dataset: number; clips: number }>('SELECT dataset_id AS dataset, count(*) AS clips FROM clips WHERE binned_at IS NOT NULL GROUP BY dataset_id')
      .map((row) => [row.dataset, row.clips]))
  return listDatasets(catalog).map(({ id, name, testLocked }) => {
    const own = cells.get(id) ?? []
    const labels = listLabelRows(catalog, id)
    const sum = (some: readonly Cell[]): number => some.reduce((clips, cell) => clips + cell.clips, 0)
    const of = (split: Split): number => sum(own.filter((c) => c.split === split))
    return {
      id, name, testLocked,
      clips: sum(own),
      seconds: own.reduce((seconds, cell) => seconds + cell.seconds, 0),
      labels: labels.length,
      unlabelled: sum(own.filter((c) => c.label === null)),
      binned: binned.get(id) ?? 0,
      balance: labels.map((label) => ({ colour: label.colour, clips: sum(own.filter((c) => c.label === label.id)) })),
      splits: { train: of('train'), validation: of('validation'), test: of('test') },
    }
  })
}
