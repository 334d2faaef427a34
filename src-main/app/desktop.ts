/**
 * The desktop door: one locked window on the studio. It holds no logic; everything behind it is what served
 * mode shows in a browser.
 */
import { fileURLToPath } from 'node:url'
import { app, dialog, Menu, net, protocol, type BrowserWindow } from 'electron'
import { defaultLibraryFolder } from '../catalog/index.ts'
import { startChildrenBy } from '../kit/index.ts'
import { answerWindow } from './desktop/ipc.ts'
import { menuTemplate } from './desktop/menu.ts'
import { startUtility } from './desktop/utility-child.ts'
import { lockPages, openWindow } from './desktop/window.ts'
import { APP_SCHEME, SCHEME_PRIVILEGES } from './desktop/window-options.ts'
import { openStudio, type Studio } from './studio.ts'

/** From the folder of this module in the build, `out/main/src-main/app`. */
const built = (path: string) => fileURLToPath(new URL(path, import.meta.url))
let window: BrowserWindow | null = null

function start(): void {
  protocol.registerSchemesAsPrivileged([SCHEME_PRIVILEGES])
  app.enableSandbox()
  // A second start shows the first one's window: two programs on one library would only wait for each other.
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  app.on('second-instance', showWindow)
  app.on('activate', showWindow)
  app.on('window-all-closed', () => app.quit())
  void app.whenReady().then(open)
}

function open(): void {
  startChildrenBy(startUtility)
  const studio = openStudio({
    library: process.env['ESPECTRO_LIBRARY'] ?? defaultLibraryFolder(),
    page: built('../../../renderer'),
    typedPaths: false,
    version: app.getVersion(),
  })
  if (!studio.ok) {
    const { message, hint } = studio.error
    dialog.showErrorBox('Espectro', hint === undefined ? message : `${message}\n\n${hint}`)
    app.exit(1)
    return
  }
  servePages(studio.value)
  lockPages()
  answerWindow(studio.value)
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(process.platform, app.name, (command) => window?.webContents.send('espectro:command', command))),
  )
  showWindow()
  closeWithProgram(studio.value)
}

/** The page and its media come by our own scheme; while developing, the page comes from the developer's server. */
function servePages(studio: Studio): void {
  const developing = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']
  protocol.handle(APP_SCHEME, async (request) => {
    const { pathname, search } = new URL(request.url)
    if (developing === undefined || pathname.startsWith('/media/') || pathname.startsWith('/upload/')) return studio.answer(request)
    return net.fetch(new URL(pathname + search, developing).href)
  })
}

function showWindow(): void {
  if (window === null) {
    window = openWindow(built('../../../preload/index.cjs'))
    window.on('closed', () => (window = null))
    return
  }
  if (window.isMinimized()) window.restore()
  window.focus()
}

function closeWithProgram(studio: Studio): void {
  let closed = false
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    const quit = () => {
      closed = true
      app.quit()
    }
    studio[Symbol.asyncDispose]().then(quit, quit)
  })
}

start()
