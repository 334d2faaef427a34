/**
 * What the desktop door's preload hands to the page, frozen, as `window.espectro`. In a browser it is absent.
 */
export interface StudioBridge {
  readonly kind: 'desktop'
  /** Asks for a port to the handlers; it arrives as a window message `PORT_MESSAGE` with the port attached. */
  connect(): void
  /** Shows the system's folder dialog; null where the person gave up. */
  chooseFolder(): Promise<string | null>
  /** The place token of a folder that was dropped on the window; null where it is not a folder. */
  droppedFolder(file: unknown): Promise<string | null>
  /** Files that the system asked us to open (double click, “Open with”); told from now on, earlier ones at once. */
  onOpen(listener: (file: { readonly place: string; readonly name: string }) => void): void
  /** Commands of the native menus, by the names of the command palette. */
  onCommand(listener: (command: string) => void): void
}

export const PORT_MESSAGE = 'espectro:port'
