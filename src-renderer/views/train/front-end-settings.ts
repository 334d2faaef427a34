/** Every setting of a front end as a form shows it: where it is in its JSON, and what it can be. */
export type FrontEndSetting =
  /** `free`: an empty field is null, which leaves it out or lets it follow from the others. */
  | { readonly kind: 'number'; readonly path: readonly string[]; readonly unit?: string; readonly whole?: boolean; readonly free?: 'off' | 'auto' }
  | { readonly kind: 'choice'; readonly path: readonly string[]; readonly choices: readonly (string | number | null)[] }
  /** An object that is there or null. */
  | { readonly kind: 'part'; readonly path: readonly string[]; readonly initial: Readonly<Record<string, number | string | null>> }

export interface SettingGroup {
  readonly id: 'clip' | 'frames' | 'bands' | 'level' | 'size'
  readonly settings: readonly FrontEndSetting[]
}

const number = (path: string, more: { readonly unit?: string; readonly whole?: boolean; readonly free?: 'off' | 'auto' } = {}): FrontEndSetting => ({ kind: 'number', path: path.split('.'), ...more })
const choice = (path: string, ...choices: readonly (string | number | null)[]): FrontEndSetting => ({ kind: 'choice', path: path.split('.'), choices })

const LOG = { unit: 'db', floor: 1e-10, floorBy: 'clamp', reference: 1, topDb: null } as const

/** What a front end has not (mel bands of a plain spectrogram) is left out by the form. */
export const FRONT_END_SETTINGS: readonly SettingGroup[] = [
  { id: 'clip', settings: [number('sampleRate', { unit: 'Hz', whole: true }), number('clip.seconds', { unit: 's' }), choice('clip.crop', 'centre', 'energy', 'start'), choice('clip.pad', 'centre', 'end'), number('preEmphasis', { free: 'off' })] },
  {
    id: 'frames',
    settings: [
      number('frames.windowMs', { unit: 'ms' }), number('frames.hopMs', { unit: 'ms' }), choice('frames.window', 'hann', 'hamming', 'blackman', 'rectangular'), number('frames.fftSize', { whole: true, free: 'auto' }),
      choice('frames.padding', 'zero', 'reflect', 'none'), choice('frames.power', 2, 1),
    ],
  },
  {
    id: 'bands',
    settings: [
      number('mel.bands', { whole: true }), number('mel.fmin', { unit: 'Hz' }), number('mel.fmax', { unit: 'Hz', free: 'auto' }), choice('mel.scale', 'slaney', 'htk'), choice('mel.norm', 'slaney', null),
      number('mfcc.count', { whole: true }), number('mfcc.lifter'),
    ],
  },
  {
    id: 'level',
    settings: [
      { kind: 'part', path: ['log'], initial: LOG }, choice('log.unit', 'db', 'ln', 'log10'), number('log.floor'), choice('log.floorBy', 'clamp', 'add'), choice('log.reference', 1, 'max'), number('log.topDb', { unit: 'dB', free: 'off' }),
      { kind: 'part', path: ['scale'], initial: { low: -80, high: 0 } }, number('scale.low'), number('scale.high'), choice('normalise', 'none', 'clip', 'dataset'), choice('normalisePer', 'all', 'bin'),
    ],
  },
  { id: 'size', settings: [{ kind: 'part', path: ['resize'], initial: { height: 64, width: 64 } }, number('resize.height', { whole: true }), number('resize.width', { whole: true })] },
]

/** Front ends whose logarithm cannot be left out. */
export const NEEDS_LOG: ReadonlySet<string> = new Set(['logmel', 'mfcc'])
