import { AudioWaveform, Ban, Check, CircleHelp, CheckCheck, CopyMinus, Eraser, FilterX, FolderInput, Play, Rewind, Trash2, WandSparkles } from '@lucide/vue'
import { watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ClipSelection, Review, Split } from '@contract'
import { useClient } from '@/client/use-client.ts'
import { useCommands, type Command } from '@/commands/registry.ts'
import { useFormats } from '@/composables/format.ts'
import { useClips } from '@/stores/clips.ts'
import { useLibrary } from '@/stores/library.ts'
import { usePlayer } from '@/stores/player.ts'
import { useRoute } from '@/stores/route.ts'
import { useSettings } from '@/stores/settings.ts'
import { useToasts } from '@/stores/toasts.ts'
import { rememberTab } from '@/views/editor/remembered-tab.ts'

/** What the keyboard does with clips. A label's own key labels and goes on to the next clip. */
export function useClipCommands(view: { openImport(): void; focusTable(): void }): void {
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
  const hasTarget = (): boolean => clips.target() !== null

  /** Changes the target, at once on the screen; says so where more than one clip changed, with undo beside it. */
  async function change(
    shown: Parameters<typeof clips.patch>[0] | null,
    send: (target: ClipSelection) => Promise<{ changed: number }>,
    said: (count: string) => string,
  ): Promise<boolean> {
    const target = clips.target()
    if (!target) return false
    if (shown) clips.patch(shown)
    try {
      const { changed } = await send(target)
      if (changed > 1 || shown === null) toasts.done(said(formats.value.count(changed)), () => void library.undo())
      return true
    } catch (cause) {
      toasts.error(cause)
      void clips.reload()
      return false
    }
  }

  async function setLabel(label: number | null): Promise<void> {
    const single = clips.selected === 0
    // Where the filter hides the clip once it has its label, the next one takes its place by itself.
    const leaves = clips.lists.labels.length > 0 && !clips.lists.labels.includes(label)
    const name = label === null ? t('facets.unlabelled') : (library.labelById.get(label)?.name ?? '')
    const done = change({ label }, (target) => client.clips.setLabel({ clips: target, label }), (count) => t('toast.labelled', { count, name }))
    if (single && !leaves) clips.moveTo(clips.cursor + 1)
    await done
  }
  const setSplit = (split: Split | null): void => {
    void change({ split }, (target) => client.clips.setSplit({ clips: target, split }), (count) => t('toast.split', { count, name: t(`split.${split ?? 'none'}`) }))
  }
  const setReview = (review: Review): void => {
    const single = clips.selected === 0
    void change({ review }, (target) => client.clips.setReview({ clips: target, review }), (count) => t('toast.reviewed', { count, name: t(`review.${review}`) }))
    if (single && clips.lists.reviews.length === 0) clips.moveTo(clips.cursor + 1)
  }
  async function bin(): Promise<void> {
    const ok = await change(null, (target) => client.clips.bin({ clips: target }), (count) => t('toast.binned', { count }))
    if (ok) clips.selectNothing()
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
  function escape(): void {
    if (clips.selected > 0) clips.selectNothing()
    else clips.clearFilter()
    view.focusTable()
  }

  function openAugment(): void {
    if (!clips.current) return
    rememberTab('augment')
    route.go('editor', clips.current.id)
  }

  const list: Command[] = [
    { id: 'library.import', group: 'library', keys: ['Mod+I'], icon: FolderInput, run: view.openImport },
    { id: 'library.clearFilter', group: 'library', keys: ['Escape'], icon: FilterX, enabled: () => clips.isFiltered || clips.selected > 0, run: escape },
    { id: 'clips.play', group: 'clips', keys: ['Space'], icon: Play, enabled: () => clips.current !== undefined, run: () => clips.current && player.toggle(clips.current) },
    { id: 'clips.open', group: 'clips', keys: ['Mod+Enter', 'Mod+E'], icon: AudioWaveform, enabled: () => clips.current !== undefined, run: () => clips.current && route.go('editor', clips.current.id) },
    { id: 'clips.augment', group: 'clips', keys: ['Alt+A'], icon: WandSparkles, enabled: () => clips.current !== undefined, run: openAugment },
    { id: 'clips.autoplay', group: 'clips', keys: ['Mod+Space'], icon: Rewind, run: () => (settings.autoplay = !settings.autoplay) },
    { id: 'clips.all', group: 'clips', keys: ['Mod+A'], icon: CheckCheck, enabled: () => (clips.total ?? 0) > 0, run: clips.selectAll },
    { id: 'clips.unlabel', group: 'clips', keys: ['Backspace'], icon: Eraser, enabled: hasTarget, run: () => void setLabel(null) },
    { id: 'clips.accept', group: 'clips', keys: ['Enter'], icon: Check, enabled: hasTarget, run: () => setReview('accepted') },
    { id: 'clips.unsure', group: 'clips', keys: ['Shift+Enter'], icon: CircleHelp, enabled: hasTarget, run: () => setReview('unsure') },
    { id: 'clips.reject', group: 'clips', keys: ['Shift+Delete'], icon: Ban, enabled: hasTarget, run: () => setReview('rejected') },
    { id: 'clips.bin', group: 'clips', keys: ['Delete'], icon: Trash2, enabled: hasTarget, run: () => void bin() },
    { id: 'clips.keepBest', group: 'clips', keys: [], icon: CopyMinus, enabled: () => library.chosen !== null, run: () => void keepBest('same') },
    { id: 'clips.keepBestAlike', group: 'clips', keys: [], icon: CopyMinus, enabled: () => library.chosen !== null, run: () => void keepBest('alike') },
    { id: 'clips.train', group: 'clips', keys: ['Alt+1'], enabled: hasTarget, run: () => setSplit('train') },
    { id: 'clips.validation', group: 'clips', keys: ['Alt+2'], enabled: hasTarget, run: () => setSplit('validation') },
    { id: 'clips.test', group: 'clips', keys: ['Alt+3'], enabled: hasTarget, run: () => setSplit('test') },
    { id: 'clips.noSplit', group: 'clips', keys: ['Alt+0'], enabled: hasTarget, run: () => setSplit(null) },
  ]
  commands.provide(list)
  commands.fallback((chord) => {
    const label = chord.length === 1 ? library.labels.find((l) => l.shortcut?.toUpperCase() === chord) : undefined
    if (!label || !hasTarget()) return false
    void setLabel(label.id)
    return true
  })
  watch(() => clips.current?.id, () => {
    if (settings.autoplay && clips.current && clips.selected === 0) void player.play(clips.current)
  })
}
