import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { PORT_MESSAGE, type StudioBridge } from '../src-contract/index.ts'

/**
 * src-preload: the one thing that the page gets from the desktop window. In: the system's channels. Out: a
 * frozen bridge of six functions. The page gets no channel, no path and no Node.
 */
const bridge: StudioBridge = {
  kind: 'desktop',
  connect: () => ipcRenderer.send('espectro:connect'),
  chooseFolder: () => ipcRenderer.invoke('espectro:choose-folder') as Promise<string | null>,
  droppedFolder: (file) =>
    file instanceof File
      ? (ipcRenderer.invoke('espectro:dropped', webUtils.getPathForFile(file)) as Promise<string | null>)
      : Promise.resolve(null),
  onOpen: (listener) => {
    ipcRenderer.on('espectro:open', (_event, file: unknown) => {
      const { place, name } = (file ?? {}) as { place?: unknown; name?: unknown }
      if (typeof place === 'string' && typeof name === 'string') listener({ place, name })
    })
    ipcRenderer.send('espectro:ready')
  },
  onCommand: (listener) => {
    ipcRenderer.on('espectro:command', (_event, command: unknown) => {
      if (typeof command === 'string') listener(command)
    })
  },
}

contextBridge.exposeInMainWorld('espectro', Object.freeze(bridge))
// The port cannot cross the bridge; it travels as a message of the window to itself.
ipcRenderer.on(PORT_MESSAGE, (event) => window.postMessage(PORT_MESSAGE, window.location.origin, [...event.ports]))
