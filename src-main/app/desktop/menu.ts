import type { MenuItemConstructorOptions } from 'electron'

/** The native menus. Items name commands of the window's palette, so that a menu can do nothing a key cannot. */
export function menuTemplate(platform: NodeJS.Platform, appName: string, run: (command: string) => void): MenuItemConstructorOptions[] {
  const item = (label: string, command: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => run(command),
    // The window handles its own keys, which a person may have changed; the menu only shows them.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  })
  const mac = platform === 'darwin'
  return [
    ...(mac ? [{ label: appName, submenu: [{ role: 'about' }, { type: 'separator' }, { role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }, { type: 'separator' }, { role: 'quit' }] } satisfies MenuItemConstructorOptions] : []),
    {
      label: 'File',
      submenu: [item('Import a folder…', 'library.import', 'CmdOrCtrl+I'), { type: 'separator' }, mac ? { role: 'close' } : { role: 'quit' }],
    },
    {
      label: 'Edit',
      submenu: [
        item('Undo', 'history.undo', 'CmdOrCtrl+Z'),
        item('Redo', 'history.redo', 'CmdOrCtrl+Shift+Z'),
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        item('Select all clips', 'clips.all'),
      ],
    },
    {
      label: 'View',
      submenu: [
        item('Command palette…', 'app.palette', 'CmdOrCtrl+K'),
        item('Dark or light', 'app.theme'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
      ],
    },
    { label: 'Help', role: 'help', submenu: [item('Keyboard shortcuts', 'app.shortcuts')] },
  ]
}
