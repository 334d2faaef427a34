/** What was drawn for a step, in a few characters: ×1.08, +32 ms, −3.1 dB. */
const signed = (value: number, digits: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`

const TEXTS: Readonly<Record<string, (value: number) => string>> = {
  factor: (v) => `×${v.toFixed(2)}`,
  semitones: (v) => `${signed(v, 1)} st`,
  seconds: (v) => `${signed(1000 * v, 0)} ms`,
  decibels: (v) => `${signed(v, 1)} dB`,
  snr: (v) => `${v.toFixed(0)} dB`,
  rt60: (v) => `${v.toFixed(2)} s`,
  ratio: (v) => `${v.toFixed(0)} dB`,
  lowCut: (v) => `${v.toFixed(0)} Hz`,
  highCut: (v) => `${v.toFixed(0)} Hz`,
}

export function drawnText(values: Readonly<Record<string, number | string>>, name: (source: string) => string): string {
  return Object.entries(values)
    .map(([key, value]) => {
      if (typeof value === 'string') return name(value)
      return TEXTS[key]?.(value) ?? `${key} ${signed(value, 0)} dB`
    })
    .join(', ')
}
