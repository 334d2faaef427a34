import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import { serve, type Served } from '../../src-main/app/serve.ts'
import { unwrap } from '../../src-main/kit/index.ts'

/** Where a Chromium is; null where there is none, and the tests in it say that they skip. */
export function chromiumPath(): string | null {
  const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  return places.find((path) => path !== undefined && existsSync(path)) ?? null
}

export const NO_BROWSER = 'no Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM to its path'

export interface Opened {
  readonly page: Page
  readonly context: BrowserContext
}

/** A served studio on a fresh library and a browser to look at it. */
export interface StudioInBrowser extends AsyncDisposable {
  readonly folder: string
  readonly served: Served
  /** Stops the program and starts it again on the same library. */
  restart(): Promise<void>
  /** Opens the printed address in a browser of its own. Whatever the page complains of is in `complaints`. */
  open(options?: BrowserContextOptions): Promise<Opened>
  /** Errors on the page's console, broken rules of the content security policy, requests to anywhere else. */
  readonly complaints: string[]
}

export interface BrowserOptions {
  /** Further switches of Chromium. */
  readonly args?: readonly string[]
  /** Fills the library before the program opens it. */
  readonly prepare?: (library: string) => void
}

export async function studioInBrowser({ args = [], prepare }: BrowserOptions = {}): Promise<StudioInBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-browser-'))
  prepare?.(join(folder, 'library'))
  const start = async () => unwrap(await serve({ library: join(folder, 'library'), places: [folder] }))
  let served = await start()
  const browser: Browser = await chromium.launch({
    executablePath: chromiumPath()!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required', ...args],
  })
  const complaints: string[] = []
  return {
    folder,
    complaints,
    get served() {
      return served
    },
    async restart() {
      await served[Symbol.asyncDispose]()
      served = await start()
    },
    async open(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: 'en', reducedMotion: 'reduce', ...options })
      const page = await context.newPage()
      page.setDefaultTimeout(60_000)
      const { origin } = served
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()}`)
      })
      page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`))
      page.on('request', (request) => {
        const url = new URL(request.url())
        if (url.origin !== origin && !['blob:', 'data:'].includes(url.protocol)) complaints.push(`request to ${request.url()}`)
      })
      await page.goto(served.address())
      return { page, context }
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await served[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What axe finds wrong, one line each; rules for regions of the page included. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  let { violations } = await new AxeBuilder({ page }).analyze()
  // What is just appearing may be judged half painted: only what stays wrong is wrong.
  if (violations.length > 0) {
    await page.waitForTimeout(500)
    violations = (await new AxeBuilder({ page }).analyze()).violations
  }
  return violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => `${n.target.join(' ')} ${n.failureSummary ?? ''}`).slice(0, 3).join(' | ')}`)
}
