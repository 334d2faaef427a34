import {
  ArrowLeft, AudioLines, ChevronDown, ChevronUp, ChevronsLeft, ChevronsRight, Eclipse, FastForward, Maximize2, Pause, Play, Repeat, Rewind, ScanSearch,
  Spline, SquareDashed, ZoomIn, ZoomOut,
} from '@lucide/vue'
import { useCommands, type Command } from '@/commands/registry.ts'
import { useEditor } from '@/stores/editor.ts'
import { SPEEDS, useEditorPlayer } from '@/stores/editor-player.ts'
import { useSpectrogram } from '@/stores/spectrogram.ts'
import { FREQUENCY_SCALES } from './frequency-axis.ts'
import { COLOUR_MAPS } from './spectrogram/colour-maps.ts'
import { spanOf } from './time-axis.ts'

export interface EditorActions {
  readonly back: () => void
  /** To the clip so many places further in the list. */
  readonly moveClip: (by: number) => void
}

const after = <T>(list: readonly T[], value: T, by = 1): T => list[(list.indexOf(value) + by + list.length) % list.length]!

/** Everything that keys and the palette do on the stage. */
export function useEditorCommands(actions: EditorActions): void {
  const editor = useEditor()
  const player = useEditorPlayer()
  const spectrogram = useSpectrogram()
  const open = (): boolean => editor.recording !== null

  /** What is done last is taken back first: the sound, what is selected, then the view. */
  function leave(): void {
    if (player.playing) player.stop()
    else if (editor.selection) editor.selection = null
    else actions.back()
  }
  /** Around the cursor where it can be seen, else around the middle. */
  function zoom(factor: number): void {
    const { start, end } = editor.range
    editor.zoom(factor, editor.cursor >= start && editor.cursor <= end ? editor.cursor : (start + end) / 2)
  }
  /** Moves the cursor; or one end of the selection, which begins at the cursor. */
  function step(seconds: number, extend = false): void {
    if (!extend) {
      editor.moveCursor(editor.cursor + seconds)
      return
    }
    const selection = editor.selection ?? { start: editor.cursor, end: editor.cursor, band: null }
    const atStart = Math.abs(editor.cursor - selection.start) > Math.abs(editor.cursor - selection.end)
    const anchor = atStart ? selection.start : selection.end === selection.start || editor.cursor === selection.start ? selection.start : selection.end
    const moving = anchor === selection.start ? selection.end : selection.start
    editor.select(anchor, moving + seconds, selection.band)
  }
  const speedBy = (by: number): void => {
    const at = SPEEDS.findIndex((speed) => speed >= player.speed - 1e-9)
    player.speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + by))]!
  }
  const pixel = (): number => 1 / editor.pixelsPerSecond
  const column = (): number => spectrogram.stft.hop / editor.sampleRate
  const page = (): number => 0.9 * spanOf(editor.range)

  const list: Omit<Command, 'group'>[] = [
    { id: 'editor.play', keys: ['Space'], icon: Play, enabled: open, run: player.toggle },
    { id: 'editor.backward', keys: ['J'], icon: Rewind, enabled: open, run: player.backward },
    { id: 'editor.pause', keys: ['K'], icon: Pause, enabled: open, run: player.pause },
    { id: 'editor.forward', keys: ['L'], icon: FastForward, enabled: open, run: player.forward },
    { id: 'editor.loop', keys: ['Alt+L'], icon: Repeat, run: () => (player.loop = !player.loop) },
    { id: 'editor.slower', keys: ['['], run: () => speedBy(-1) },
    { id: 'editor.faster', keys: [']'], run: () => speedBy(1) },
    { id: 'editor.pitch', keys: ['Alt+P'], icon: Spline, run: () => (player.keepPitch = !player.keepPitch) },
    { id: 'editor.band', keys: ['Alt+B'], icon: AudioLines, run: () => (player.bandOnly = !player.bandOnly) },
    { id: 'editor.zoomIn', keys: ['+', '='], icon: ZoomIn, enabled: open, run: () => zoom(0.5) },
    { id: 'editor.zoomOut', keys: ['-'], icon: ZoomOut, enabled: open, run: () => zoom(2) },
    { id: 'editor.fit', keys: ['0'], icon: Maximize2, enabled: open, run: editor.fit },
    { id: 'editor.zoomSelection', keys: ['Z'], icon: ScanSearch, enabled: open, run: editor.zoomToSelection },
    { id: 'editor.zoomClip', keys: ['Shift+Z'], enabled: open, run: editor.fitClip },
    { id: 'editor.selectClip', keys: ['Mod+A'], icon: SquareDashed, enabled: open, run: () => editor.clipRange && editor.select(editor.clipRange.start, editor.clipRange.end) },
    { id: 'editor.left', keys: ['ArrowLeft'], enabled: open, run: () => step(-pixel()) },
    { id: 'editor.right', keys: ['ArrowRight'], enabled: open, run: () => step(pixel()) },
    { id: 'editor.columnLeft', keys: ['Alt+ArrowLeft'], enabled: open, run: () => step(-column()) },
    { id: 'editor.columnRight', keys: ['Alt+ArrowRight'], enabled: open, run: () => step(column()) },
    { id: 'editor.secondLeft', keys: ['Mod+ArrowLeft'], enabled: open, run: () => step(-1) },
    { id: 'editor.secondRight', keys: ['Mod+ArrowRight'], enabled: open, run: () => step(1) },
    { id: 'editor.extendLeft', keys: ['Shift+ArrowLeft'], enabled: open, run: () => step(-pixel(), true) },
    { id: 'editor.extendRight', keys: ['Shift+ArrowRight'], enabled: open, run: () => step(pixel(), true) },
    { id: 'editor.start', keys: ['Home'], enabled: open, run: () => editor.moveCursor(0) },
    { id: 'editor.end', keys: ['End'], enabled: open, run: () => editor.moveCursor(editor.duration) },
    { id: 'editor.pageLeft', keys: ['PageUp'], icon: ChevronsLeft, enabled: open, run: () => editor.scroll(-page()) },
    { id: 'editor.pageRight', keys: ['PageDown'], icon: ChevronsRight, enabled: open, run: () => editor.scroll(page()) },
    { id: 'editor.nextClip', keys: ['ArrowDown'], icon: ChevronDown, enabled: open, run: () => actions.moveClip(1) },
    { id: 'editor.previousClip', keys: ['ArrowUp'], icon: ChevronUp, enabled: open, run: () => actions.moveClip(-1) },
    { id: 'editor.axis', keys: [], run: () => (spectrogram.settings.scale = after(FREQUENCY_SCALES, spectrogram.settings.scale)) },
    { id: 'editor.colours', keys: [], icon: Eclipse, run: () => (spectrogram.settings.colours = after(COLOUR_MAPS, spectrogram.settings.colours)) },
    { id: 'editor.back', keys: ['Escape'], icon: ArrowLeft, run: leave },
  ]
  useCommands().provide(list.map((command) => ({ ...command, group: 'editor' as const })))
}
