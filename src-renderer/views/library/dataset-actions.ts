import { useI18n } from 'vue-i18n'
import { archiveUrl } from '@contract'
import { useClient } from '@/client/use-client.ts'
import { useLibrary } from '@/stores/library.ts'
import { useToasts } from '@/stores/toasts.ts'

export interface DatasetActions {
  duplicate(dataset: number): Promise<void>
  remove(dataset: number): Promise<void>
  restore(dataset: number): Promise<void>
  /** The browser saves the dataset as one file. */
  saveArchive(dataset: number): void
  lockTest(dataset: number, locked: boolean): Promise<void>
  /** Puts a label one place up (-1) or down (1), or at the place of another. */
  moveLabel(label: number, by: -1 | 1): Promise<void>
  placeLabel(label: number, before: number): Promise<void>
}

export function useDatasetActions(): DatasetActions {
  const { t } = useI18n()
  const client = useClient()
  const library = useLibrary()
  const toasts = useToasts()
  const nameOf = (id: number): string => library.datasets?.find((d) => d.id === id)?.name ?? ''
  const undo = (): void => void library.undo()

  async function attempt(work: () => Promise<string | null>): Promise<void> {
    try {
      const said = await work()
      if (said !== null) toasts.done(said, undo)
    } catch (cause) {
      toasts.error(cause)
    }
  }
  const reorder = (move: (ids: number[]) => number[]): Promise<void> =>
    attempt(async () => {
      if (library.chosen !== null) await client.labels.reorder({ dataset: library.chosen, labels: move(library.labels.map((l) => l.id)) })
      return null
    })

  return {
    duplicate: (dataset) =>
      attempt(async () => {
        const { id } = await client.datasets.duplicate({ dataset })
        await library.refresh()
        library.chosen = id
        return t('toast.duplicated', { name: nameOf(id) })
      }),
    remove: (dataset) =>
      attempt(async () => {
        const name = nameOf(dataset)
        await client.datasets.remove({ dataset })
        return t('toast.datasetBinned', { name })
      }),
    restore: (dataset) =>
      attempt(async () => {
        await client.bin.restoreDataset({ dataset })
        await library.refresh()
        library.chosen = dataset
        return t('toast.datasetRestored', { name: nameOf(dataset) })
      }),
    saveArchive(dataset) {
      const link = document.createElement('a')
      link.href = archiveUrl(dataset)
      link.download = ''
      link.click()
    },
    lockTest: (dataset, locked) =>
      attempt(async () => {
        await client.splits.lockTest({ dataset, locked })
        return t(locked ? 'toast.locked' : 'toast.unlocked')
      }),
    moveLabel: (label, by) =>
      reorder((ids) => {
        const from = ids.indexOf(label)
        const to = Math.max(0, Math.min(ids.length - 1, from + by))
        return ids.with(from, ids[to]!).with(to, label)
      }),
    placeLabel: (label, before) =>
      reorder((ids) => {
        if (label === before) return ids
        const rest = ids.filter((id) => id !== label)
        // Dragged down it takes the place after the one it was dropped on.
        const at = rest.indexOf(before) + (ids.indexOf(label) < ids.indexOf(before) ? 1 : 0)
        return rest.toSpliced(at, 0, label)
      }),
  }
}
