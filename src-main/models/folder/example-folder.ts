/**
 * A model with everything that is needed to use it elsewhere: the file, its labels, its card, and a small program for
 * Node, Python and the browser each, which run as they are.
 */
import { ok, type Result } from '../../kit/index.ts'
import { createFrontEndModel } from '../../features/index.ts'
import type { Language } from '../card/words.ts'
import { withoutFrontEnd } from '../parts/without-front-end.ts'
import type { ModelInfo } from '../read-model.ts'
import { browserFiles } from './browser-example.ts'
import { nodeFiles } from './node-example.ts'
import { pythonFiles } from './python-example.ts'
import { readme } from './readme.ts'

export interface FolderEntry {
  /** Below the folder, with forward slashes. */
  readonly path: string
  readonly bytes: Uint8Array
}

export interface FolderRequest {
  /** The whole model: waveform in. */
  readonly model: Uint8Array
  readonly info: ModelInfo
  /** Markdown. */
  readonly card: string
  readonly language: Language
  /** Else the model takes features, and the front end is a file of its own. */
  readonly frontEnd: boolean
  /** A WAV file to try it with. */
  readonly example: Uint8Array | null
}

export function exampleFolder({ model, info, card, language, frontEnd, example }: FolderRequest): Result<FolderEntry[]> {
  const cut = frontEnd ? ok(model) : withoutFrontEnd(model)
  if (!cut.ok) return cut
  const { labels, sampleRate, clipSeconds, name } = info
  const about = { name, input: frontEnd ? 'waveform' : 'features', sampleRate, clipSeconds, labels }
  const texts: Readonly<Record<string, string>> = {
    'labels.json': json(about),
    'front-end.json': json(info.frontEnd),
    'card.md': card,
    'README.md': readme({ name, labels, sampleRate, clipSeconds, frontEnd, example: example !== null }, language),
    ...nodeFiles(frontEnd),
    ...pythonFiles(frontEnd),
    ...browserFiles(frontEnd, language),
  }
  return ok([
    { path: 'model.onnx', bytes: cut.value },
    ...(frontEnd ? [] : [{ path: 'front-end.onnx', bytes: createFrontEndModel(info.frontEnd, { normalisation: null }) }]),
    ...(example ? [{ path: 'example.wav', bytes: example }] : []),
    ...Object.entries(texts).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) })),
  ])
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
