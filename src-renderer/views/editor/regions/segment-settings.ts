import type { SegmentSettings } from '@contract'

export const DEFAULT_SEGMENTS: SegmentSettings = { threshold: 12, relative: true, minSound: 0.08, minSilence: 0.15, padding: 0.03, maxLength: null }

/** What was stored, as far as it still makes sense. */
export function readSegmentSettings(text: string | null): SegmentSettings {
  let stored: Partial<Record<keyof SegmentSettings, unknown>> = {}
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    if (typeof value === 'object' && value !== null) stored = value
  } catch {
    // Nothing of it makes sense.
  }
  const within = (key: 'threshold' | 'minSound' | 'minSilence' | 'padding', low: number, high: number): number => {
    const value = stored[key]
    return typeof value === 'number' && value >= low && value <= high ? value : DEFAULT_SEGMENTS[key]
  }
  const { relative, maxLength } = stored
  return {
    // A threshold belongs to its scale.
    ...(relative === false ? { relative, threshold: within('threshold', -90, 0) } : { relative: true, threshold: within('threshold', 0, 60) }),
    minSound: within('minSound', 0, 1),
    minSilence: within('minSilence', 0, 2),
    padding: within('padding', 0, 0.5),
    maxLength: typeof maxLength === 'number' && maxLength >= 0.2 && maxLength <= 20 ? maxLength : null,
  }
}
