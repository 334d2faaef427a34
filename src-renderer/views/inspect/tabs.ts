import { defineAsyncComponent, type Component } from 'vue'

/**
 * One way to look at a run. Its name is the text `inspect.tab.<id>`, its place `#/inspect/<run>/<id>`; what it is about
 * (run, side, result) it takes from the store `useInspect`. Further parts of the address belong to the tab.
 */
export interface InspectTab {
  readonly id: string
  readonly component: Component
  /** Looks at one side of the split: the choice of the side is shown with it, and it waits for a result. */
  readonly bySide: boolean
}

/** In the order of the work: what came out, where it comes from, what to do about the data. */
export const inspectTabs: readonly InspectTab[] = [
  { id: 'confusion', component: defineAsyncComponent(() => import('./ConfusionTab.vue')), bySide: true },
  { id: 'curves', component: defineAsyncComponent(() => import('./CurvesTab.vue')), bySide: true },
  { id: 'thresholds', component: defineAsyncComponent(() => import('./ThresholdTab.vue')), bySide: true },
  { id: 'calibration', component: defineAsyncComponent(() => import('./CalibrationTab.vue')), bySide: true },
  { id: 'groups', component: defineAsyncComponent(() => import('./GroupsTab.vue')), bySide: true },
  { id: 'map', component: defineAsyncComponent(() => import('./MapTab.vue')), bySide: false },
  { id: 'inside', component: defineAsyncComponent(() => import('./InsideTab.vue')), bySide: false },
  { id: 'backprop', component: defineAsyncComponent(() => import('./BackpropTab.vue')), bySide: false },
  { id: 'errors', component: defineAsyncComponent(() => import('./LabelErrorsTab.vue')), bySide: false },
  { id: 'next', component: defineAsyncComponent(() => import('./NextTab.vue')), bySide: false },
]
