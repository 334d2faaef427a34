import type { NetworkFile, NetworkLayout } from '@contract'

export const SPECTRAL_LAYOUTS: readonly NetworkLayout[] = ['N1FT', 'NFT', 'NTF', 'N1TF', 'NFT1', 'NTF1']
export const RAW_LAYOUTS: readonly NetworkLayout[] = ['NS', 'N1S', 'N1FT']

type Size = number | string

/** The sizes after the first that an order of axes gives, for features of one clip [channel, frequency, frame]. */
export function layoutSizes(layout: NetworkLayout, [, f = 0, t = 0]: readonly number[]): readonly number[] {
  const sizes: Readonly<Record<NetworkLayout, readonly number[]>> = {
    N1FT: [1, f, t], NFT: [f, t], NTF: [t, f], N1TF: [1, t, f], NFT1: [f, t, 1], NTF1: [t, f, 1], NS: [t], N1S: [1, t],
  }
  return sizes[layout]
}

const fits = (wanted: readonly Size[], given: readonly number[]): boolean =>
  wanted.length === given.length && wanted.every((size, i) => typeof size === 'string' || size === 0 || size === given[i])

export interface NetworkGuess {
  readonly frontEnd: string
  readonly layout: NetworkLayout
  /** Samples of a network that takes raw samples, where it says so. */
  readonly samples: number | null
}

/** The front end and the order that a file's input looks like. */
export function guessFrontEnd({ inputs, frontEnds }: Pick<NetworkFile, 'inputs' | 'frontEnds'>): NetworkGuess | null {
  const [, ...sizes] = inputs[0]?.shape ?? []
  for (const { name, config, shape } of frontEnds)
    for (const layout of config['kind'] === 'waveform' ? [] : SPECTRAL_LAYOUTS) if (fits(sizes, layoutSizes(layout, shape))) return { frontEnd: name, layout, samples: null }
  const raw = frontEnds.find((f) => f.config['kind'] === 'waveform')
  const last = sizes.at(-1)
  const samples = typeof last === 'number' && last > 0 ? last : null
  if (raw && sizes.length === 1) return { frontEnd: raw.name, layout: 'NS', samples }
  if (raw && sizes.length === 2 && sizes[0] === 1) return { frontEnd: raw.name, layout: 'N1S', samples }
  return null
}
