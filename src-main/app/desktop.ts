/**
 * The desktop door: one locked window on the studio. It holds no logic; everything behind it is what served
 * mode shows in a browser.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, dialog, Menu, net, protocol, type BrowserWindow } from 'electron'
import { defaultLibraryFolder } from '../catalog/index.ts'
import { startChildrenBy } from '../kit/index.ts'
import { answerWindow, tokenOf } from './desktop/ipc.ts'
import { createOpenedFiles, filesOf } from './desktop/opened-files.ts'
import { menuTemplate } from './desktop/menu.ts'
import { startUtility } from './desktop/utility-child.ts'
import { lockPages, openWindow } from './desktop/window.ts'
import { APP_SCHEME, SCHEME_PRIVILEGES } from './desktop/window-options.ts'
import { openStudio, type Studio } from './studio.ts'

/** From the folder of this module in the build, `out/main/src-main/app`. */
const built = (path: string) => fileURLToPath(new URL(path, import.meta.url))
let window: BrowserWindow | null = null
/** What to open; asked for before the studio is there, it waits. */
let openFile: (path: string) => void = (path) => void early.push(path)
const early: string[] = filesOf(process.argv, process.cwd())

function start(): void {
  protocol.registerSchemesAsPrivileged([SCHEME_PRIVILEGES])
  app.enableSandbox()
  // A second start shows the first one's window: two programs on one library would only wait for each other.
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  app.on('second-instance', (_event, argv, folder) => {
    showWindow()
    for (const path of filesOf(argv, folder)) openFile(path)
  })
  // macOS tells of files by this event, also before the program is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    openFile(path)
  })
  app.on('activate', showWindow)
  app.on('window-all-closed', () => app.quit())
  void app.whenReady().then(open)
}

function open(): void {
  startChildrenBy(startUtility)
  const studio = openStudio({
    library: process.env['ESPECTRO_LIBRARY'] ?? defaultLibraryFolder(),
    page: built('../../../renderer'),
    samples: app.isPackaged ? join(process.resourcesPath, 'resources', 'samples') : built('../../../../resources/samples'),
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
  let pageReady = false
  const opened = createOpenedFiles(
    (folder) => tokenOf(studio.value, folder),
    (file) => {
      if (!pageReady || window === null) return false
      window.webContents.send('espectro:open', file)
      return true
    },
  )
  answerWindow(studio.value, () => {
    pageReady = true
    opened.flush()
  })
  openFile = (path) => void opened.add(path)
  for (const path of early.splice(0)) openFile(path)
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
