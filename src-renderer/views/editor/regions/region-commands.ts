import { AudioLines, BoxSelect, Combine, Eraser, Magnet, MoveLeft, MoveRight, Scissors, Trash2 } from '@lucide/vue'
import { useCommands, type Command } from '@/commands/registry.ts'
import { useEditor } from '@/stores/editor.ts'
import { useEditorPlayer } from '@/stores/editor-player.ts'
import { useLibrary } from '@/stores/library.ts'
import { SNAPS, useRegions } from '@/stores/regions.ts'

/** Seconds of one press. */
const STEP = 0.01

/** What the keyboard does with regions. With a selection a label's key makes a region of it, else it labels the chosen ones. */
export function useRegionCommands(): void {
  const editor = useEditor()
  const player = useEditorPlayer()
  const library = useLibrary()
  const regions = useRegions()
  const commands = useCommands()
  const selected = (): boolean => editor.selection !== null
  const open = (): boolean => editor.clip !== null
  /** A pixel where that is more than ten milliseconds. */
  const step = (): number => Math.max(STEP, 1 / editor.pixelsPerSecond)

  const list: Command[] = [
    { id: 'region.create', group: 'regions', keys: ['Enter'], icon: BoxSelect, enabled: selected, run: () => editor.selection && void regions.create(editor.selection, null) },
    { id: 'region.split', group: 'regions', keys: ['S'], icon: Scissors, enabled: open, run: () => void regions.split(player.position ?? editor.cursor) },
    { id: 'region.merge', group: 'regions', keys: ['M'], icon: Combine, enabled: () => regions.list.length > 1, run: () => void regions.merge() },
    { id: 'region.box', group: 'regions', keys: ['B'], icon: AudioLines, enabled: () => open(), run: () => setBox() },
    { id: 'region.snap', group: 'regions', keys: ['N'], icon: Magnet, run: () => (regions.snap = SNAPS[(SNAPS.indexOf(regions.snap) + 1) % SNAPS.length]!) },
    { id: 'region.earlier', group: 'regions', keys: ['Alt+Shift+ArrowLeft'], icon: MoveLeft, enabled: open, run: () => regions.nudge(-step(), 'both') },
    { id: 'region.later', group: 'regions', keys: ['Alt+Shift+ArrowRight'], icon: MoveRight, enabled: open, run: () => regions.nudge(step(), 'both') },
    { id: 'region.startEarlier', group: 'regions', keys: [','], enabled: open, run: () => regions.nudge(-step(), 'start') },
    { id: 'region.startLater', group: 'regions', keys: ['.'], enabled: open, run: () => regions.nudge(step(), 'start') },
    { id: 'region.endEarlier', group: 'regions', keys: ['<', ';'], enabled: open, run: () => regions.nudge(-step(), 'end') },
    { id: 'region.endLater', group: 'regions', keys: ['>', ':'], enabled: open, run: () => regions.nudge(step(), 'end') },
    { id: 'region.unlabel', group: 'regions', keys: ['Backspace'], icon: Eraser, enabled: open, run: () => void regions.setLabel(null) },
    { id: 'region.delete', group: 'regions', keys: ['Delete'], icon: Trash2, enabled: open, run: () => void regions.remove() },
  ]
  /** The frequencies of the selection become the region's; without any, its box goes. */
  function setBox(): void {
    const clip = editor.clip
    if (clip) void regions.place(clip, { ...regions.placeOf(clip), band: editor.selection?.band ?? null })
  }
  commands.provide(list)
  commands.fallback((chord) => {
    const label = chord.length === 1 ? library.labels.find((l) => l.shortcut?.toUpperCase() === chord) : undefined
    if (!label || !open()) return false
    if (editor.selection) void regions.create(editor.selection, label.id)
    else void regions.setLabel(label.id)
    return true
  })
}
