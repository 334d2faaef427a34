import { ArrowLeft, Maximize2, ScanSearch, ZoomIn, ZoomOut } from '@lucide/vue'
import { useCommands, type Command } from '@/commands/registry.ts'
import { useEditor } from '@/stores/editor.ts'

export function useEditorCommands(view: { readonly back: () => void }): void {
  const editor = useEditor()
  const list: Command[] = [
    { id: 'editor.back', group: 'editor', keys: ['Escape'], icon: ArrowLeft, run: leave },
    { id: 'editor.zoomIn', group: 'editor', keys: ['+', '='], icon: ZoomIn, run: () => editor.zoom(0.5, zoomPlace()) },
    { id: 'editor.zoomOut', group: 'editor', keys: ['-'], icon: ZoomOut, run: () => editor.zoom(2, zoomPlace()) },
    { id: 'editor.fit', group: 'editor', keys: ['0'], icon: Maximize2, run: editor.fit },
    { id: 'editor.zoomSelection', group: 'editor', keys: ['Z'], icon: ScanSearch, run: editor.zoomToSelection },
  ]
  useCommands().provide(list)

  /** First what is selected goes, then the view. */
  function leave(): void {
    if (editor.selection) editor.selection = null
    else view.back()
  }
  /** Around the cursor where it can be seen, else around the middle. */
  function zoomPlace(): number {
    const { start, end } = editor.range
    return editor.cursor >= start && editor.cursor <= end ? editor.cursor : (start + end) / 2
  }
}
