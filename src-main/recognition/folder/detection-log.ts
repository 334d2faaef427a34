import { appendFile, stat } from 'node:fs/promises'
import { formatCsv } from '../formats/csv.ts'
import type { StreamRecognition } from '../recognition.ts'

/** The table that a watched folder's detections are added to. */
export const DETECTION_LOG = 'espectro-detections.csv'

/** Adds a file's detections to a table, which begins with the names of its columns. */
export async function appendDetections(path: string, recognition: StreamRecognition): Promise<void> {
  const rows = formatCsv([recognition])
  const begun = await stat(path).then((s) => s.size > 0, () => false)
  const text = begun ? rows.slice(rows.indexOf('\r\n') + 2) : rows
  if (text !== '') await appendFile(path, text)
}
