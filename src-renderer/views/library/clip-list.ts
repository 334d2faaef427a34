import { useClips } from '@/stores/clips.ts'
import { useFormats } from '@/composables/format.ts'
import { toggled } from '@/stores/selection.ts'
import { i18n } from '@/locales/i18n.ts'
import { useRoute } from '@/stores/route.ts'
import { startClipDrag } from './drag.ts'

/** What pointer and arrow keys do with clips, alike in the table (one column) and in the grid. */
export function useClipList(shape: { readonly columns: () => number; readonly rowsInSight: () => number }) {
  const clips = useClips()
  const formats = useFormats()
  const route = useRoute()
  const MOVES: Readonly<Record<string, () => number>> = {
    ArrowDown: () => clips.cursor + shape.columns(),
    ArrowUp: () => clips.cursor - shape.columns(),
    ArrowRight: () => (shape.columns() > 1 ? clips.cursor + 1 : NaN),
    ArrowLeft: () => (shape.columns() > 1 ? clips.cursor - 1 : NaN),
    PageDown: () => clips.cursor + shape.rowsInSight() * shape.columns(),
    PageUp: () => clips.cursor - shape.rowsInSight() * shape.columns(),
    Home: () => 0,
    End: () => (clips.total ?? 1) - 1,
  }
  const isChosen = (index: number): boolean => {
    const clip = clips.at(index)
    return clip !== undefined && clips.isChosen(clip.id)
  }
  return {
    onKey(event: KeyboardEvent): void {
      const to = event.ctrlKey || event.metaKey || event.altKey ? undefined : MOVES[event.key]?.()
      if (to === undefined || Number.isNaN(to)) return
      event.preventDefault()
      clips.moveTo(to, event.shiftKey)
    },
    /** Pressing on one of several chosen clips may begin a drag: the selection stays until the button is let go. */
    onPress(event: MouseEvent, index: number): void {
      if (event.ctrlKey || event.metaKey) clips.toggle(index, toggled)
      else if (event.shiftKey) clips.moveTo(index, true)
      else if (!isChosen(index)) clips.moveTo(index)
    },
    onClick(event: MouseEvent, index: number): void {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey && clips.selected > 0) clips.moveTo(index)
    },
    onMenu(index: number): void {
      if (!isChosen(index)) clips.moveTo(index)
    },
    onOpen(index: number): void {
      const clip = clips.at(index)
      if (clip && !clips.binned) route.go('editor', clip.id)
    },
    onDrag(event: DragEvent, index: number): void {
      if (!isChosen(index)) clips.moveTo(index)
      const count = Math.max(1, clips.selected)
      startClipDrag(event, i18n.global.t('clips.count', { count: formats.value.count(count) }, count))
    },
  }
}
