import { AudioWaveform, ChartSpline, Columns2, Ear, LibraryBig, ListChecks, Mic, ScanSearch } from '@lucide/vue'
import { defineAsyncComponent, type Component } from 'vue'
import LibraryView from './LibraryView.vue'

/** A whole page of the studio. Its name is the text `nav.<id>`, its place `#/<id>`; the command `view.<id>` opens it. */
export interface View {
  readonly id: string
  readonly icon: Component
  /** Heavy views come by `defineAsyncComponent(() => import(…))`, so that the first one paints at once. */
  readonly component: Component
  readonly keys: readonly string[]
}

/** In the order of the work. A view lives while it is shown: what must outlast it is in a store. */
export const views: readonly View[] = [
  { id: 'library', icon: LibraryBig, component: LibraryView, keys: ['Mod+1'] },
  { id: 'record', icon: Mic, component: defineAsyncComponent(() => import('./RecordView.vue')), keys: ['Mod+7'] },
  { id: 'editor', icon: AudioWaveform, component: defineAsyncComponent(() => import('./EditorView.vue')), keys: ['Mod+2'] },
  { id: 'review', icon: ListChecks, component: defineAsyncComponent(() => import('./ReviewView.vue')), keys: ['Alt+R'] },
  { id: 'train', icon: ChartSpline, component: defineAsyncComponent(() => import('./TrainView.vue')), keys: ['Mod+4'] },
  { id: 'compare', icon: Columns2, component: defineAsyncComponent(() => import('./CompareView.vue')), keys: ['Mod+5'] },
  { id: 'inspect', icon: ScanSearch, component: defineAsyncComponent(() => import('./InspectView.vue')), keys: ['Mod+3'] },
  { id: 'recognise', icon: Ear, component: defineAsyncComponent(() => import('./RecogniseView.vue')), keys: ['Mod+6'] },
]
