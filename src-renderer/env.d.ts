/// <reference types="vite/client" />
import type { StudioBridge } from '@contract'

declare global {
  interface Window {
    /** Present in the desktop window only. */
    readonly espectro?: StudioBridge
  }
}
