/** Recognitions as files that people and other programs read. */
import { formatAudacity } from './audacity.ts'
import { formatCsv } from './csv.ts'
import { formatRaven } from './raven.ts'
import { formatText } from './text.ts'
import type { Recognition } from '../recognition.ts'

const formats = {
  text: formatText,
  json: (recognitions: readonly Recognition[]) => `${JSON.stringify(recognitions, null, 2)}\n`,
  csv: formatCsv,
  audacity: formatAudacity,
  raven: formatRaven,
} as const

export type RecognitionFormat = keyof typeof formats
export const RECOGNITION_FORMATS = Object.keys(formats) as readonly RecognitionFormat[]

export const formatRecognitions = (recognitions: readonly Recognition[], format: RecognitionFormat): string =>
  formats[format](recognitions)
