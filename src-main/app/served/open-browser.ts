import { spawn } from 'node:child_process'

export interface Opener {
  readonly program: string
  readonly args: readonly string[]
}

/** How this system opens an address in the person's browser; null where there is no screen to open one on. */
export function browserOpener(address: string, platform: NodeJS.Platform, env: NodeJS.ProcessEnv): Opener | null {
  if (platform === 'darwin') return { program: 'open', args: [address] }
  if (platform === 'win32') return { program: 'rundll32', args: ['url.dll,FileProtocolHandler', address] }
  // Over SSH without a screen, or on a server, there is nobody to look.
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? { program: 'xdg-open', args: [address] } : null
}

/** Opens the address; false where that is not possible here. What the browser does then is between it and the person. */
export function openBrowser(address: string): Promise<boolean> {
  const opener = browserOpener(address, process.platform, process.env)
  if (!opener) return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawn(opener.program, opener.args, { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
