import { SlidersHorizontal, WandSparkles } from '@lucide/vue'
import type { Component } from 'vue'
import AugmentPanel from './AugmentPanel.vue'
import SpectrogramPanel from './SpectrogramPanel.vue'

/** A tab at the right of the stage. Its title is the text `editor.tab.<id>`; the command `editor.tab.<id>` shows it. */
export interface PanelTab {
  readonly id: string
  readonly icon: Component
  readonly component: Component
}

export const panelTabs: readonly PanelTab[] = [
  { id: 'view', icon: SlidersHorizontal, component: SpectrogramPanel },
  { id: 'augment', icon: WandSparkles, component: AugmentPanel },
]
