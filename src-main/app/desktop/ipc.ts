import { BrowserWindow, dialog, ipcMain, MessageChannelMain, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron'
import { PORT_MESSAGE } from '../../../src-contract/index.ts'
import { servePort } from '../../rpc/index.ts'
import type { Studio } from '../studio.ts'
import { mayNavigate } from './window-options.ts'

/** The few channels beside the calls: the port itself, the folder dialog, and folders that were dropped. */
export function answerWindow(studio: Studio, onReady: () => void): void {
  ipcMain.on('espectro:ready', (event) => {
    if (isOurPage(event)) onReady()
  })
  ipcMain.on('espectro:connect', (event) => {
    if (!isOurPage(event)) return
    const { port1, port2 } = new MessageChannelMain()
    servePort(port1, studio.calls, studio.services)
    event.sender.postMessage(PORT_MESSAGE, null, [port2])
    event.sender.once('destroyed', () => port1.close())
    event.sender.once('did-start-navigation', () => port1.close())
  })
  ipcMain.handle('espectro:choose-folder', async (event) => {
    const window = isOurPage(event) ? BrowserWindow.fromWebContents(event.sender) : null
    if (!window) return null
    const { canceled, filePaths } = await dialog.showOpenDialog(window, { properties: ['openDirectory'] })
    return canceled || filePaths[0] === undefined ? null : tokenOf(studio, filePaths[0])
  })
  // Only a file that the person dropped has a path here: the preload gets it from the drop itself.
  ipcMain.handle('espectro:dropped', (event, path: unknown) =>
    isOurPage(event) && typeof path === 'string' && path !== '' ? tokenOf(studio, path) : null,
  )
}

const isOurPage = (event: IpcMainEvent | IpcMainInvokeEvent): boolean =>
  event.senderFrame !== null && event.senderFrame.parent === null && mayNavigate(event.senderFrame.url)

export async function tokenOf(studio: Studio, folder: string): Promise<string | null> {
  const token = await studio.services.places.admit(folder)
  return token.ok ? token.value : null
}
