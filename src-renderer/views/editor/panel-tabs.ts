import { AudioWaveform, ScanLine, SlidersHorizontal, WandSparkles } from '@lucide/vue'
import type { Component } from 'vue'
import AugmentPanel from './AugmentPanel.vue'
import EditsPanel from './regions/EditsPanel.vue'
import SegmentPanel from './regions/SegmentPanel.vue'
import SpectrogramPanel from './SpectrogramPanel.vue'

/** A tab at the right of the stage. Its title is the text `editor.tab.<id>`; the command `editor.tab.<id>` shows it. */
export interface PanelTab {
  readonly id: string
  readonly icon: Component
  readonly component: Component
}

export const panelTabs: readonly PanelTab[] = [
  { id: 'view', icon: SlidersHorizontal, component: SpectrogramPanel },
  { id: 'segments', icon: ScanLine, component: SegmentPanel },
  { id: 'edits', icon: AudioWaveform, component: EditsPanel },
  { id: 'augment', icon: WandSparkles, component: AugmentPanel },
]
