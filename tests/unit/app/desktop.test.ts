import { describe, expect, it } from 'vitest'
import { menuTemplate } from '../../../src-main/app/desktop/menu.ts'
import { APP_PAGE, isPermitted, isWebLink, mayNavigate, SCHEME_PRIVILEGES, webPreferences } from '../../../src-main/app/desktop/window-options.ts'
import { createOpenedFiles, filesOf } from '../../../src-main/app/desktop/opened-files.ts'
import { restoredState } from '../../../src-main/app/desktop/window-state.ts'

describe('the desktop window', () => {
  it('has no Node, a sandbox and a world of its own', () => {
    expect(webPreferences('/p.cjs')).toMatchObject({
      preload: '/p.cjs', contextIsolation: true, sandbox: true, nodeIntegration: false, nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false, webSecurity: true, allowRunningInsecureContent: false, webviewTag: false, navigateOnDragDrop: false,
    })
    expect(SCHEME_PRIVILEGES.privileges).toMatchObject({ standard: true, secure: true, bypassCSP: false })
  })

  it.each([
    [APP_PAGE, true], ['espectro://studio/index.html#x', true],
    ['espectro://other/', false], ['espectro://studio.evil/', false], ['https://studio/', false], ['file:///etc/passwd', false], ['about:blank', false], ['javascript:alert(1)', false], ['', false],
  ])('may go to %s: %s', (address, wanted) => {
    expect(mayNavigate(address)).toBe(wanted)
  })

  it('opens web links outside, and nothing else', () => {
    expect(isWebLink('https://example.org/a')).toBe(true)
    for (const address of ['file:///x', 'javascript:1', 'https://user:pass@example.org', 'espectro://studio/', 'ms-settings:x', 'x']) expect(isWebLink(address)).toBe(false)
  })

  it('permits the microphone to our page, and nothing to anyone else', () => {
    const ours = 'espectro://studio'
    expect(isPermitted({ permission: 'media', origin: ours, mediaTypes: ['audio'] })).toBe(true)
    for (const asked of [
      { permission: 'media', origin: ours, mediaTypes: ['audio', 'video'] },
      { permission: 'media', origin: ours, mediaTypes: [] },
      { permission: 'media', origin: ours },
      { permission: 'media', origin: 'https://example.org', mediaTypes: ['audio'] },
      ...['geolocation', 'notifications', 'clipboard-read', 'hid', 'usb', 'fileSystem', 'openExternal', 'fullscreen'].map((permission) => ({ permission, origin: ours })),
    ])
      expect(isPermitted(asked), JSON.stringify(asked)).toBe(false)
  })

  it('comes back where it was, as far as a screen is there', () => {
    const screen = { x: 0, y: 0, width: 1920, height: 1080 }
    const bounds = { x: 300, y: 200, width: 1200, height: 700 }
    expect(restoredState(null, [screen])).toEqual({ bounds: { width: 1440, height: 900 }, maximised: false })
    expect(restoredState({ bounds, maximised: true }, [screen])).toEqual({ bounds, maximised: true })
    expect(restoredState({ bounds: { ...bounds, x: 5000 }, maximised: false }, [screen]).bounds).toEqual({ width: 1200, height: 700 })
    expect(restoredState({ bounds: { ...bounds, width: 9000, height: 9000 }, maximised: false }, [screen]).bounds).toMatchObject({ width: 1920, height: 1080 })
    expect(restoredState({ bounds: { x: 0, y: 0, width: 10, height: 10 }, maximised: false }, [screen]).bounds).toMatchObject({ width: 960, height: 600 })
  })

  it.each(['linux', 'win32', 'darwin'] as const)('menus on %s name commands and take no key from the window', (platform) => {
    const ran: string[] = []
    const walk = (items: ReturnType<typeof menuTemplate>): void => {
      for (const item of items) {
        if (item.accelerator !== undefined) expect(item.registerAccelerator, item.label).toBe(false)
        if (item.click) (item.click as () => void)()
        if (Array.isArray(item.submenu)) walk(item.submenu)
      }
    }
    walk(menuTemplate(platform, 'Espectro', (command) => ran.push(command)))
    expect(ran).toEqual(['library.import', 'history.undo', 'history.redo', 'clips.all', 'app.palette', 'app.theme', 'app.shortcuts'])
  })
})

describe('files that the system asks to open', () => {
  it('are those of our kinds among the arguments, from the folder of the start', () => {
    expect(filesOf(['/opt/Espectro', '--flag.onnx', 'a.espectro', '/x/b.ONNX', 'c.txt', '.'], '/home/me')).toEqual(['/home/me/a.espectro', '/x/b.ONNX'])
    expect(filesOf(['model.onnx'], '/')).toEqual([])
  })

  it('wait until the page listens, and go as places and names', async () => {
    const sent: unknown[] = []
    let listening = false
    const opened = createOpenedFiles((folder) => Promise.resolve(folder === '/gone' ? null : `token of ${folder}`), (file) => listening && sent.push(file) > 0)
    await opened.add('/data/a.espectro')
    await opened.add('/gone/b.espectro')
    expect(sent).toEqual([])
    listening = true
    opened.flush()
    await opened.add('/data/c.onnx')
    expect(sent).toEqual([{ place: 'token of /data', name: 'a.espectro' }, { place: 'token of /data', name: 'c.onnx' }])
  })
})
