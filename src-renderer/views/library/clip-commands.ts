import {
  AudioWaveform, Ban, Check, CheckCheck, CircleHelp, CopyMinus, CopyPlus, Database, Download, Eraser, FilterX, Flame, FolderInput, FolderOutput,
  Grid2x2, Link, Lock, Pencil, Play, Rewind, RotateCcw, Save, Sparkles, Split as SplitIcon, Trash, Trash2, UserRound, WandSparkles,
} from '@lucide/vue'
import { watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useClient } from '@/client/use-client.ts'
import { useCommands, type Command } from '@/commands/registry.ts'
import { useFormats } from '@/composables/format.ts'
import { useClips } from '@/stores/clips.ts'
import { useLibraryDialogs } from '@/stores/library-dialogs.ts'
import { useLibraryLayout } from '@/stores/library-layout.ts'
import { useLibrary } from '@/stores/library.ts'
import { usePlayer } from '@/stores/player.ts'
import { useRoute } from '@/stores/route.ts'
import { useSettings } from '@/stores/settings.ts'
import { useToasts } from '@/stores/toasts.ts'
import { rememberTab } from '@/views/editor/remembered-tab.ts'
import { useClipActions } from './clip-actions.ts'
import { useDatasetActions } from './dataset-actions.ts'
import { filterToText } from './filter-text.ts'

/** What the keyboard and the palette do in the Library. A label's own key labels and goes on to the next clip. */
export function useClipCommands(view: { focusClips(): void }): void {
  const { t } = useI18n()
  const client = useClient()
  const clips = useClips()
  const library = useLibrary()
  const player = usePlayer()
  const route = useRoute()
  const settings = useSettings()
  const toasts = useToasts()
  const formats = useFormats()
  const commands = useCommands()
  const dialogs = useLibraryDialogs()
  const { layout } = useLibraryLayout()
  const actions = useClipActions()
  const datasets = useDatasetActions()
  const hasTarget = (): boolean => clips.target() !== null
  const here = (): boolean => hasTarget() && !clips.binned
  const hasDataset = (): boolean => library.chosen !== null
  const withDataset = (work: (dataset: number) => unknown) => (): void => {
    if (library.chosen !== null) void work(library.chosen)
  }

  async function keepBest(likeness: 'same' | 'alike'): Promise<void> {
    if (library.chosen === null) return
    try {
      const { binned, disputed } = await client.quality.keepBest({ dataset: library.chosen, likeness })
      const said = binned === 0 ? t('quality.nothingToBin') : t('toast.binned', { count: formats.value.count(binned) })
      toasts.done(disputed > 0 ? `${said} · ${t('quality.disputed', { count: disputed }, disputed)}` : said, binned > 0 ? () => void library.undo() : undefined)
    } catch (cause) {
      toasts.error(cause)
    }
  }
  async function dropSuggestions(dataset: number): Promise<void> {
    try {
      const { changed } = await client.clips.dropSuggestions({ dataset })
      toasts.done(t('toast.suggestionsDropped', { count: formats.value.count(changed) }), () => void library.undo())
    } catch (cause) {
      toasts.error(cause)
    }
  }
  function escape(): void {
    if (clips.selected > 0) clips.selectNothing()
    else if (clips.isFiltered) clips.clearFilter()
    else clips.binned = false
    view.focusClips()
  }
  async function copyFilter(): Promise<void> {
    if (!clips.filter) return
    try {
      await navigator.clipboard.writeText(filterToText(clips.filter, library.labels))
      toasts.done(t('toast.filterCopied'))
    } catch (cause) {
      toasts.error(cause)
    }
  }

  function openAugment(): void {
    if (!clips.current) return
    rememberTab('augment')
    route.go('editor', clips.current.id)
  }

  const list: Command[] = [
    { id: 'library.import', group: 'library', keys: ['Mod+I'], icon: FolderInput, run: () => dialogs.show({ kind: 'import', origin: null }) },
    { id: 'library.clearFilter', group: 'library', keys: ['Escape'], icon: FilterX, enabled: () => clips.isFiltered || clips.selected > 0 || clips.binned, run: escape },
    { id: 'library.saveFilter', group: 'library', keys: ['Mod+S'], icon: Save, enabled: () => clips.isFiltered, run: () => dialogs.show({ kind: 'save-filter' }) },
    { id: 'library.copyFilter', group: 'library', keys: [], icon: Link, enabled: () => clips.isFiltered, run: () => void copyFilter() },
    { id: 'library.grid', group: 'library', keys: ['Mod+G'], icon: Grid2x2, enabled: hasDataset, run: () => (layout.mode = layout.mode === 'grid' ? 'table' : 'grid') },
    { id: 'library.split', group: 'library', keys: ['Mod+Shift+S'], icon: SplitIcon, enabled: hasDataset, run: () => dialogs.show({ kind: 'split' }) },
    { id: 'library.lockTest', group: 'library', keys: [], icon: Lock, enabled: hasDataset, run: withDataset((id) => datasets.lockTest(id, !library.dataset?.testLocked)) },
    { id: 'library.bin', group: 'library', keys: [], icon: Trash, enabled: hasDataset, run: () => (clips.binned = !clips.binned) },
    { id: 'library.emptyBin', group: 'library', keys: [], icon: Trash2, enabled: () => (library.info?.binnedDatasets ?? 0) > 0 || (library.datasets?.some((d) => d.binned > 0) ?? false), run: () => dialogs.show({ kind: 'empty-bin' }) },
    { id: 'library.newDataset', group: 'library', keys: [], icon: Database, run: () => dialogs.show({ kind: 'new-dataset' }) },
    { id: 'library.renameDataset', group: 'library', keys: ['F2'], icon: Pencil, enabled: hasDataset, run: withDataset((dataset) => dialogs.show({ kind: 'rename-dataset', dataset })) },
    { id: 'library.duplicateDataset', group: 'library', keys: [], icon: CopyPlus, enabled: hasDataset, run: withDataset(datasets.duplicate) },
    { id: 'library.exportDataset', group: 'library', keys: [], icon: Download, enabled: hasDataset, run: withDataset((dataset) => dialogs.show({ kind: 'export', dataset })) },
    { id: 'library.removeDataset', group: 'library', keys: [], icon: Trash2, enabled: hasDataset, run: withDataset(datasets.remove) },
    { id: 'clips.play', group: 'clips', keys: ['Space'], icon: Play, enabled: () => clips.current !== undefined, run: () => clips.current && player.toggle(clips.current) },
    { id: 'clips.open', group: 'clips', keys: ['Mod+Enter', 'Mod+E'], icon: AudioWaveform, enabled: () => clips.current !== undefined && !clips.binned, run: () => clips.current && route.go('editor', clips.current.id) },
    { id: 'clips.augment', group: 'clips', keys: ['Alt+A'], icon: WandSparkles, enabled: () => clips.current !== undefined && !clips.binned, run: openAugment },
    { id: 'clips.autoplay', group: 'clips', keys: ['Mod+Space'], icon: Rewind, run: () => (settings.autoplay = !settings.autoplay) },
    { id: 'clips.all', group: 'clips', keys: ['Mod+A'], icon: CheckCheck, enabled: () => (clips.total ?? 0) > 0, run: clips.selectAll },
    { id: 'clips.unlabel', group: 'clips', keys: ['Backspace'], icon: Eraser, enabled: here, run: () => actions.setLabel(null, true) },
    { id: 'clips.accept', group: 'clips', keys: ['Enter'], icon: Check, enabled: here, run: () => (clips.selected === 0 && clips.current?.suggestion ? actions.acceptSuggestions(true) : actions.setReview('accepted', true)) },
    { id: 'clips.unsure', group: 'clips', keys: ['Shift+Enter'], icon: CircleHelp, enabled: here, run: () => actions.setReview('unsure', true) },
    { id: 'clips.reject', group: 'clips', keys: ['Shift+Delete'], icon: Ban, enabled: here, run: () => actions.setReview('rejected', true) },
    { id: 'clips.acceptSuggestions', group: 'clips', keys: ['Alt+Enter'], icon: Sparkles, enabled: here, run: () => actions.acceptSuggestions() },
    { id: 'clips.dropSuggestions', group: 'clips', keys: [], icon: Eraser, enabled: () => hasDataset() && (clips.facets?.marks.some((m) => m.value === 'suggested') ?? false), run: withDataset(dropSuggestions) },
    { id: 'clips.hard', group: 'clips', keys: ['Alt+H'], icon: Flame, enabled: here, run: () => actions.setHard(!(clips.current?.hard ?? false)) },
    { id: 'clips.speaker', group: 'clips', keys: ['Mod+Shift+P'], icon: UserRound, enabled: here, run: () => dialogs.show({ kind: 'speaker' }) },
    { id: 'clips.move', group: 'clips', keys: ['Mod+Shift+M'], icon: FolderOutput, enabled: () => here() && (library.datasets?.length ?? 0) > 1, run: () => dialogs.show({ kind: 'move' }) },
    { id: 'clips.bin', group: 'clips', keys: ['Delete'], icon: Trash2, enabled: here, run: actions.bin },
    { id: 'clips.restore', group: 'clips', keys: ['Mod+Backspace'], icon: RotateCcw, enabled: () => hasTarget() && clips.binned, run: actions.restore },
    { id: 'clips.keepBest', group: 'clips', keys: [], icon: CopyMinus, enabled: hasDataset, run: () => void keepBest('same') },
    { id: 'clips.keepBestAlike', group: 'clips', keys: [], icon: CopyMinus, enabled: hasDataset, run: () => void keepBest('alike') },
    { id: 'clips.train', group: 'clips', keys: ['Alt+1'], enabled: here, run: () => actions.setSplit('train') },
    { id: 'clips.validation', group: 'clips', keys: ['Alt+2'], enabled: here, run: () => actions.setSplit('validation') },
    { id: 'clips.test', group: 'clips', keys: ['Alt+3'], enabled: here, run: () => actions.setSplit('test') },
    { id: 'clips.noSplit', group: 'clips', keys: ['Alt+0'], enabled: here, run: () => actions.setSplit(null) },
  ]
  commands.provide(list)
  commands.fallback((chord) => {
    const label = chord.length === 1 ? library.labels.find((l) => l.shortcut?.toUpperCase() === chord) : undefined
    if (!label || !here()) return false
    actions.setLabel(label.id, true)
    return true
  })
  watch(() => clips.current?.id, () => {
    if (settings.autoplay && clips.current && clips.selected === 0) void player.play(clips.current)
  })
}
