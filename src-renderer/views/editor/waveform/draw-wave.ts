import type { WaveColumns } from './wave-columns.ts'

/** Largest sample that reaches the edge, and what is drawn in. */
export interface WaveStyle {
  readonly colour: string
  readonly middle: string
  readonly scale: number
}

/** Both draw on a canvas that is empty. One column a device pixel: from the lowest sample to the highest, and never less than a hair line. */
export function drawColumns(context: CanvasRenderingContext2D, { low, high }: WaveColumns, { colour, middle, scale }: WaveStyle): void {
  const { width, height } = context.canvas
  const half = height / 2
  context.fillStyle = middle
  context.fillRect(0, Math.round(half), width, 1)
  context.fillStyle = colour
  context.beginPath()
  const step = width / low.length
  for (let x = 0; x < low.length; x++) {
    const top = half - Math.min(1, high[x]! * scale) * half
    const bottom = half - Math.max(-1, low[x]! * scale) * half
    context.rect(x * step, top, Math.max(1, step), Math.max(1, bottom - top))
  }
  context.fill()
}

/** Samples as points on a line: at this zoom each can be told from the next. `offset` is the first one's place in pixels. */
export function drawSamples(
  context: CanvasRenderingContext2D, samples: Float32Array, offset: number, spacing: number, ratio: number, { colour, middle, scale }: WaveStyle,
): void {
  const { width, height } = context.canvas
  const half = height / 2
  const yOf = (value: number): number => half - Math.max(-1, Math.min(1, value * scale)) * (half - 2 * ratio)
  context.fillStyle = middle
  context.fillRect(0, Math.round(half), width, 1)
  context.strokeStyle = colour
  context.lineWidth = 1.25 * ratio
  context.lineJoin = 'round'
  context.beginPath()
  for (let i = 0; i < samples.length; i++) context.lineTo(offset + i * spacing, yOf(samples[i]!))
  context.stroke()
  if (spacing < 5 * ratio) return
  context.fillStyle = colour
  context.beginPath()
  const radius = Math.min(3.5, 1 + spacing / (8 * ratio)) * ratio
  for (let i = 0; i < samples.length; i++) {
    const [x, y] = [offset + i * spacing, yOf(samples[i]!)]
    context.moveTo(x + radius, y)
    context.arc(x, y, radius, 0, 2 * Math.PI)
  }
  context.fill()
}
