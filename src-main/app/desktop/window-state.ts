import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { writeFileAtomic } from '../../kit/index.ts'
import { FIRST_SIZE, SMALLEST } from './window-options.ts'

const Rectangle = z.strictObject({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() })
export type Rectangle = z.infer<typeof Rectangle>
const WindowState = z.strictObject({ bounds: Rectangle, maximised: z.boolean() })
export type WindowState = z.infer<typeof WindowState>

/** Where the window was, as far as that still makes sense on today's screens. */
export function restoredState(stored: WindowState | null, screens: readonly Rectangle[]): { readonly bounds: Partial<Rectangle> & { width: number; height: number }; readonly maximised: boolean } {
  const primary = screens[0]
  const fit = (size: { width: number; height: number }, screen: Rectangle | undefined) => ({
    width: Math.max(SMALLEST.width, Math.min(size.width, screen?.width ?? size.width)),
    height: Math.max(SMALLEST.height, Math.min(size.height, screen?.height ?? size.height)),
  })
  if (!stored) return { bounds: fit(FIRST_SIZE, primary), maximised: false }
  const { bounds, maximised } = stored
  // Enough of the title bar must be in reach to drag the window; else it is centred by the system.
  const screen = screens.find((s) => bounds.x + bounds.width > s.x + 100 && bounds.x < s.x + s.width - 100 && bounds.y >= s.y && bounds.y < s.y + s.height - 50)
  return screen ? { bounds: { x: bounds.x, y: bounds.y, ...fit(bounds, screen) }, maximised } : { bounds: fit(bounds, primary), maximised }
}

export function readWindowState(file: string): WindowState | null {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // Missing, or of another version: the first size is fine.
    return null
  }
}

export const writeWindowState = (file: string, state: WindowState): Promise<void> => writeFileAtomic(file, `${JSON.stringify(state)}\n`)
