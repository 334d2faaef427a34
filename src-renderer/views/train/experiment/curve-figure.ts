/** Curves as a picture for paper: dark lines on white, whatever the theme of the screen. */
import type { ExperimentCurve } from '@contract'
import { niceScale } from './nice-scale.ts'

export interface FigureLine {
  readonly name: string
  readonly curve: ExperimentCurve
  readonly colour: string
  readonly dashed: boolean
}

const WIDTH = 720
const HEIGHT = 360
const EDGE = { left: 58, right: 14, top: 12, bottom: 40 }
/** Points of the picture for each of the drawing. */
const SHARPNESS = 2
/** Told apart in print and by most colour-blind readers (after Okabe and Ito 2008). */
export const PRINT_COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#000000', '#e69f00'] as const

/** A PNG as a data address; null where nothing can be drawn. */
export function curveFigure(lines: readonly FigureLine[], { xLabel, format }: { readonly xLabel: string; readonly format: (value: number) => string }): string | null {
  const drawn = lines.filter((l) => l.curve.epoch.length > 0)
  const canvas = document.createElement('canvas')
  const c = canvas.getContext('2d')
  if (drawn.length === 0 || !c) return null
  const legendRows = Math.ceil(drawn.length / 2)
  const height = HEIGHT + legendRows * 18
  canvas.width = WIDTH * SHARPNESS
  canvas.height = height * SHARPNESS
  c.scale(SHARPNESS, SHARPNESS)
  c.fillStyle = '#ffffff'
  c.fillRect(0, 0, WIDTH, height)
  const last = Math.max(...drawn.map((l) => l.curve.epoch.at(-1)!))
  const ys = niceScale(Math.min(...drawn.flatMap((l) => l.curve.low)), Math.max(...drawn.flatMap((l) => l.curve.high)), 6)
  const xs = niceScale(1, Math.max(2, last), 8)
  const plotBottom = HEIGHT - EDGE.bottom
  const x = (epoch: number) => EDGE.left + ((epoch - 1) / Math.max(1, last - 1)) * (WIDTH - EDGE.left - EDGE.right)
  const y = (value: number) => plotBottom - ((value - ys.low) / (ys.high - ys.low)) * (plotBottom - EDGE.top)
  c.font = '12px system-ui, sans-serif'
  c.textBaseline = 'middle'
  c.textAlign = 'right'
  for (const tick of ys.ticks) {
    c.strokeStyle = '#dddddd'
    c.beginPath()
    c.moveTo(EDGE.left, y(tick))
    c.lineTo(WIDTH - EDGE.right, y(tick))
    c.stroke()
    c.fillStyle = '#333333'
    c.fillText(format(tick), EDGE.left - 8, y(tick))
  }
  c.textAlign = 'center'
  for (const tick of xs.ticks) if (tick >= 1 && tick <= last && Number.isInteger(tick)) c.fillText(String(tick), x(tick), plotBottom + 12)
  c.fillText(xLabel, (EDGE.left + WIDTH - EDGE.right) / 2, plotBottom + 29)
  for (const { curve, colour, dashed } of drawn) {
    c.fillStyle = `${colour}22`
    c.beginPath()
    curve.epoch.forEach((epoch, i) => c.lineTo(x(epoch), y(curve.high[i]!)))
    curve.epoch.toReversed().forEach((epoch, i) => c.lineTo(x(epoch), y(curve.low[curve.low.length - 1 - i]!)))
    c.fill()
    c.strokeStyle = colour
    c.lineWidth = 2
    c.setLineDash(dashed ? [6, 4] : [])
    c.beginPath()
    curve.epoch.forEach((epoch, i) => c.lineTo(x(epoch), y(curve.mean[i]!)))
    c.stroke()
  }
  c.textAlign = 'left'
  drawn.forEach(({ name, colour, dashed }, i) => {
    const [left, top] = [EDGE.left + (i % 2) * ((WIDTH - EDGE.left) / 2), HEIGHT + Math.floor(i / 2) * 18 + 4]
    c.strokeStyle = colour
    c.setLineDash(dashed ? [6, 4] : [])
    c.beginPath()
    c.moveTo(left, top)
    c.lineTo(left + 26, top)
    c.stroke()
    c.fillStyle = '#111111'
    c.fillText(name, left + 34, top)
  })
  return canvas.toDataURL('image/png')
}
