/** Front ends by name, and loading one from a name or from JSON text. */
import { fail, ok, parseJson, unwrap, type Result } from '../kit/index.ts'
import { parseFrontEnd, type FrontEndConfig, type FrontEndInput } from './config.ts'

const preset = (input: FrontEndInput): FrontEndConfig => unwrap(parseFrontEnd(input))

/** dB below the clip's loudest value, from −80 to 0, as −1 to 1. */
const relativeDb = { log: { unit: 'db', reference: 'max', topDb: 80 }, scale: { low: -80, high: 0 } } as const
const speech = { window: 'hann', windowMs: 30, hopMs: 10 } as const
/** 64 frames of 16 ms: half a hop of spare keeps the count at every sample rate, rounding included. */
const sixtyFour = { clip: { seconds: 1.016 }, frames: { window: 'hann', windowMs: 32, hopMs: 16 } } as const

export const FRONT_ENDS = {
  /** The default: 64 mel bands × 64 frames of about one second. */
  'logmel-64x64': preset({ version: 1, kind: 'logmel', ...sixtyFour, mel: { bands: 64 }, ...relativeDb }),
  /** The same seen through the 32 × 32 of the LeNet of 1998. */
  'lenet-32x32': preset({ version: 1, kind: 'logmel', ...sixtyFour, mel: { bands: 64 }, ...relativeDb, resize: { height: 32, width: 32 } }),
  /** 30/10 ms, 40 bands, as keyword-spotting papers use. */
  'logmel-40x101': preset({ version: 1, kind: 'logmel', frames: speech, mel: { bands: 40, fmin: 20 }, log: { unit: 'ln', floor: 1e-6, floorBy: 'add' }, normalise: 'clip' }),
  'mfcc-40x101': preset({ version: 1, kind: 'mfcc', frames: speech, mel: { bands: 40, fmin: 20 }, mfcc: { count: 40 }, log: { unit: 'db', topDb: 80 }, normalise: 'clip', normalisePer: 'bin' }),
  /** A spectrogram as a square picture, the input size of many image networks. */
  'spectrogram-224x224': preset({ version: 1, kind: 'spectrogram', clip: { seconds: 1 }, frames: { window: 'hann', windowMs: 32, hopMs: 8 }, ...relativeDb, resize: { height: 224, width: 224 } }),
  /** One second of samples as they are. */
  waveform: preset({ version: 1, kind: 'waveform' }),
} as const satisfies Record<string, FrontEndConfig>

export type FrontEndName = keyof typeof FRONT_ENDS
export const DEFAULT_FRONT_END: FrontEndName = 'logmel-64x64'

/** Speech has little above 8 kHz: named front ends take a dataset's own rate up to this. */
const HIGHEST_DEFAULT_RATE = 16_000

/**
 * A front end by name, or by the text of a JSON file. A named one is set to the dataset's sample rate where
 * that is lower than 16 kHz (recordings at 8 kHz hold nothing above 4 kHz); a file is taken as written.
 */
export function loadFrontEnd(nameOrJson: string, options: { readonly datasetSampleRate?: number | undefined } = {}): Result<FrontEndConfig> {
  const text = nameOrJson.trim()
  if (text.startsWith('{')) {
    const value = parseJson(text, 'front end')
    return value.ok ? parseFrontEnd(value.value) : value
  }
  if (!Object.hasOwn(FRONT_ENDS, text)) {
    return fail('NOT_FOUND', `No front end is called ${JSON.stringify(text)}`, { hint: `Known are ${Object.keys(FRONT_ENDS).join(', ')}; or give a JSON file.` })
  }
  const config: FrontEndConfig = FRONT_ENDS[text as FrontEndName]
  const rate = options.datasetSampleRate
  return rate === undefined ? ok(config) : withSampleRate(config, Math.min(rate, HIGHEST_DEFAULT_RATE))
}

/** The same front end at another rate: windows, hops and clip length are times, so they scale with it. */
export const withSampleRate = (config: FrontEndConfig, sampleRate: number): Result<FrontEndConfig> => parseFrontEnd({ ...config, sampleRate })
