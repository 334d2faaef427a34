/** Labels as a person has them: one a line, a JSON list, or a JSON object with a list `labels`. null where they are none of these. */
export function readLabels(text: string): string[] | null {
  const trimmed = text.trim()
  if (!/^[[{]/.test(trimmed)) return trimmed.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '')
  try {
    const value: unknown = JSON.parse(trimmed)
    const list = Array.isArray(value) ? value : (value as { labels?: unknown } | null)?.labels
    return Array.isArray(list) && list.every((label) => typeof label === 'string') ? list : null
  } catch {
    return null
  }
}
