import type { Component } from 'vue'
import RegionOverlay from './regions/RegionOverlay.vue'

/**
 * What lies over both panes, drawn in this order above the cursor's layer. Each component gets the prop `pane` and
 * is as large as it; times come from the editor store (`xOf`, `timeAt`), frequencies from `yOf` and `hzAt` of panes.ts. It
 * lets the pointer through unless an element of it sets `pointer-events: auto` and stops `pointerdown` there.
 */
export const overlays: readonly Component[] = [RegionOverlay]
