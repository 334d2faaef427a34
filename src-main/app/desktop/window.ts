import { join } from 'node:path'
import { app, BrowserWindow, screen, session, shell } from 'electron'
import { readWindowState, restoredState, writeWindowState } from './window-state.ts'
import { APP_PAGE, isPermitted, isWebLink, mayNavigate, SMALLEST, webPreferences } from './window-options.ts'

/** Locks every page that this program could ever show, also ones that we do not know of. */
export function lockPages(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event, address) => {
      if (!mayNavigate(address)) event.preventDefault()
    })
    contents.on('will-redirect', (event, address) => {
      if (!mayNavigate(address)) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (isWebLink(url)) void shell.openExternal(url)
      return { action: 'deny' }
    })
  })
  session.defaultSession.setPermissionRequestHandler((_contents, permission, decide, details) => {
    const mediaTypes = 'mediaTypes' in details ? details.mediaTypes : undefined
    decide(isPermitted({ permission, origin: details.requestingUrl, mediaTypes }))
  })
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin, details) =>
    isPermitted({ permission, origin, mediaTypes: details.mediaType === undefined ? undefined : [details.mediaType] }),
  )
  session.defaultSession.setDevicePermissionHandler(() => false)
}

/** The one window, where it was the last time. */
export function openWindow(preload: string): BrowserWindow {
  const file = join(app.getPath('userData'), 'window.json')
  const { bounds, maximised } = restoredState(readWindowState(file), screen.getAllDisplays().map((d) => d.workArea))
  const window = new BrowserWindow({
    ...bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    backgroundColor: '#0e1013',
    title: 'Espectro',
    webPreferences: webPreferences(preload),
  })
  window.once('ready-to-show', () => {
    if (maximised) window.maximize()
    window.show()
  })
  window.on('close', () => {
    void writeWindowState(file, { bounds: window.getNormalBounds(), maximised: window.isMaximized() })
  })
  void window.loadURL(APP_PAGE)
  return window
}
