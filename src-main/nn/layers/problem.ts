/**
 * What can be wrong with a layer where it stands: a code with values, so that windows can say it in the person's
 * language, and a sentence for everywhere else. The layer's name is put in front by whoever knows it.
 */
import { err } from '../../kit/index.ts'

const TEXTS = {
  NAME_TWICE: 'two layers of one list have this name',
  NEEDS_IMAGE: 'needs channels, height and width, but its input is a flat vector of {values} values',
  NEEDS_FLAT: 'needs a flat vector, but its input is {input}; put a flatten or a global pool before it',
  NEEDS_FRAMES: 'needs frames [features, 1, frame], but its input is {input}; put a conv1d before it',
  NEEDS_FRAMES_TO_NORMALISE: 'needs frames of one row to normalise each, but its input is {input}',
  NEEDS_SEQUENCE: 'needs frames, but its input is a flat vector of {values} values',
  TOO_MANY_FRAMES: '{frames} frames are too long a sequence to unroll, the most are {most}; use a front end with fewer frames or shorten it by strides before this layer',
  KERNEL_TOO_LARGE: 'kernel {kernel} is larger than its input {input}',
  KERNEL_TOO_LARGE_PADDED: 'kernel {kernel} is larger than its input {input} (padding included)',
  DILATED_KERNEL_TOO_LARGE: 'dilated kernel {kernel} is larger than its input {input}',
  DILATED_KERNEL_TOO_LARGE_PADDED: 'dilated kernel {kernel} is larger than its input {input} (padding included)',
  PADDING_TOO_LARGE: 'padding [{padding}] must be smaller than the kernel {kernel}',
  CHANNELS_IN_GROUPS: '{channels} input channels do not divide into {groups} groups',
  FILTERS_IN_GROUPS: '{filters} filters do not divide into {groups} groups',
  CONNECTIONS_AND_GROUPS: 'a connection table and groups exclude each other',
  CONNECTION_ROWS: 'the connection table has {rows} rows for {filters} filters',
  CONNECTION_CHANNEL: 'row {row} of the connection table names channel {channel} of {channels} (the first is 0)',
  CONNECTION_TWICE: 'row {row} of the connection table names a channel twice',
  FREQUENCIES_IN_BANDS: '{height} frequencies do not divide into {bands} bands',
  FEATURES_IN_HEADS: '{features} features do not divide into {heads} heads; give a headSize',
  BODY_IS_NOT_INPUT: 'the body gives {body} but its input, which it is added to, is {shortcut}',
  BODY_IS_NOT_SHORTCUT: 'the body gives {body} but its shortcut gives {shortcut}',
  BODY_NOT_BROADCAST: 'the body gives {body}; to be added at every frequency of {shortcut} it must be {wanted}',
  BODY_NOT_FRAMES: 'the body gives {body}; to be added at every frequency of {shortcut} it must be channels, one row and frames',
} as const

export type LayerProblemCode = keyof typeof TEXTS
export const layerProblemCodes = Object.keys(TEXTS) as LayerProblemCode[]

export interface LayerProblem {
  readonly code: LayerProblemCode
  /** What the sentence is filled with; sizes as `16×5×5`. */
  readonly values: Readonly<Record<string, string | number>>
}

export const problem = (code: LayerProblemCode, values: LayerProblem['values'] = {}) => err<LayerProblem>({ code, values })

/** The sentence, without the layer's name. */
export const problemText = ({ code, values }: LayerProblem): string => TEXTS[code].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
