/**
 * How the window is locked. Plain values without Electron, so that tests can read them: every one of these
 * lines is a promise.
 */
export const APP_SCHEME = 'espectro'
export const APP_ORIGIN = `${APP_SCHEME}://studio`
export const APP_PAGE = `${APP_ORIGIN}/`

/** Our pages come by our own scheme: it counts as secure (microphone, audio worklets) and has an origin. */
export const SCHEME_PRIVILEGES = {
  scheme: APP_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, corsEnabled: false, bypassCSP: false },
} as const

export const webPreferences = (preload: string) => ({
  preload,
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  navigateOnDragDrop: false,
  webviewTag: false,
  spellcheck: false,
  // Keys and meters must not slow down while another window is in front.
  backgroundThrottling: false,
}) as const

/** Smaller than this the table and the panel no longer fit. */
export const SMALLEST = { width: 960, height: 600 } as const
export const FIRST_SIZE = { width: 1440, height: 900 } as const

/** Scheme and host of an address; Node's own `origin` is "null" for schemes that the web does not know. */
export function originOf(address: string): string {
  if (!URL.canParse(address)) return ''
  const { protocol, host } = new URL(address)
  return `${protocol}//${host}`
}

/** The window goes nowhere but its own page. */
export const mayNavigate = (address: string): boolean => originOf(address) === APP_ORIGIN

/** Links to the outside open in the person's browser, and only web links. */
export function isWebLink(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, username, password } = new URL(address)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
}

export interface AskedPermission {
  readonly permission: string
  /** The page that asks. */
  readonly origin: string
  readonly mediaTypes?: readonly string[] | undefined
}

/** Recording from the microphone, for our own page; nothing else, for nobody. */
export function isPermitted({ permission, origin, mediaTypes }: AskedPermission): boolean {
  return permission === 'media' && originOf(origin) === APP_ORIGIN && mediaTypes !== undefined && mediaTypes.length > 0 && mediaTypes.every((type) => type === 'audio')
}
