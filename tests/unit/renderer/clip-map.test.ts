import { describe, expect, it } from 'vitest'
import { drawPoints } from '../../../src-renderer/views/inspect/map/draw-points.ts'
import { createPlane, fitted, inside, nearest, panned, rectangle, toMap, toScreen, zoomed } from '../../../src-renderer/views/inspect/map/plane.ts'

const GRID = Float32Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? (i >> 1) % 10 : Math.floor((i >> 1) / 10)))
const plane = createPlane(GRID)
const all = () => true

describe('the plane of a map', () => {
  it('fits all points, upwards, and goes from map to screen and back', () => {
    const view = fitted(plane, 400, 300)
    const corners = [toScreen(view, 0, 0), toScreen(view, 9, 9)]
    for (const [x, y] of corners) expect(x > 0 && x < 400 && y > 0 && y < 300).toBe(true)
    expect(corners[0]![1]).toBeGreaterThan(corners[1]![1])
    const [x, y] = toMap(view, toScreen(view, 3, 7))
    expect([x, y]).toEqual([expect.closeTo(3, 9), expect.closeTo(7, 9)])
  })

  it('zooms around a place that stays, and moves by pixels', () => {
    const view = fitted(plane, 400, 300)
    const place = [123, 77] as const
    const before = toMap(view, place)
    expect(toMap(zoomed(view, place, 3.7), place)).toEqual(before.map((v) => expect.closeTo(v, 9)))
    expect(toScreen(panned(view, 10, -5), 4, 4)).toEqual([expect.closeTo(toScreen(view, 4, 4)[0] + 10, 9), expect.closeTo(toScreen(view, 4, 4)[1] - 5, 9)])
  })

  it('finds the nearest visible point within reach', () => {
    const view = fitted(plane, 400, 300)
    const [x, y] = toScreen(view, 3, 7)
    expect(nearest(plane, view, [x + 3, y - 2], 9, all)).toBe(73)
    expect(nearest(plane, view, [x + 3, y - 2], 9, (p) => p !== 73)).toBeNull()
    expect(nearest(plane, view, [x + 12, y], 9, all)).toBeNull()
  })

  it('selects by a rectangle in any direction, and by a lasso with a dent', () => {
    const view = fitted(plane, 400, 300)
    const [a, b] = [toScreen(view, 1.5, 1.5), toScreen(view, 4.5, 3.5)]
    const wanted = [22, 23, 24, 32, 33, 34]
    expect(inside(plane, view, rectangle(a, b), all)).toEqual(wanted)
    expect(inside(plane, view, rectangle(b, a), all)).toEqual(wanted)
    expect(inside(plane, view, rectangle(a, b), (p) => p !== 33)).toEqual([22, 23, 24, 32, 34])
    const dented = [[1.5, 1.5], [4.5, 1.5], [4.5, 3.5], [3.4, 3.5], [3, 1.6], [2.6, 3.5], [1.5, 3.5]] as const
    expect(inside(plane, view, dented.map(([x, y]) => toScreen(view, x, y)), all)).toEqual([22, 24, 32, 34])
    expect(inside(plane, view, [a, b], all)).toEqual([])
  })

  it('holds no points, and points at one place', () => {
    expect(nearest(createPlane(new Float32Array()), { x: 0, y: 0, scale: 1 }, [0, 0], 9, all)).toBeNull()
    const same = createPlane(Float32Array.of(2, 3, 2, 3))
    const view = fitted(same, 100, 100)
    expect(toScreen(view, 2, 3)).toEqual([expect.closeTo(50, 3), expect.closeTo(50, 3)])
  })
})

describe('drawing points', () => {
  it('draws discs of their colours, leaves hidden ones out and rings the selected', () => {
    const [width, height] = [60, 40]
    const pixels = new Uint32Array(width * height)
    const two = createPlane(Float32Array.of(0, 0, 1, 0))
    const view = { x: -0.5, y: 0.5, scale: 30 }
    const draw = (colours: readonly number[], selected: readonly number[] = []) =>
      drawPoints(pixels, width, height, two, view, { colours: Uint32Array.from(colours), selected: new Set(selected), radius: 3, ring: 0xff_ff_ff_ff })
    const count = (colour: number) => pixels.reduce((n, p) => n + (p === colour ? 1 : 0), 0)
    draw([0xff_00_00_11, 0xff_00_00_22])
    expect(pixels[15 * width + 15]).toBe(0xff_00_00_11)
    expect(pixels[15 * width + 45]).toBe(0xff_00_00_22)
    expect(count(0xff_00_00_11)).toBe(count(0xff_00_00_22))
    expect(count(0xff_00_00_11)).toBeGreaterThan(20)
    draw([0xff_00_00_11, 0])
    expect(count(0xff_00_00_22)).toBe(0)
    draw([0xff_00_00_11, 0xff_00_00_22], [0])
    expect(count(0xff_ff_ff_ff)).toBeGreaterThan(8)
  })

  it('cuts discs at the edges', () => {
    const pixels = new Uint32Array(100)
    drawPoints(pixels, 10, 10, createPlane(Float32Array.of(0, 0)), { x: 0, y: 0, scale: 1 }, { colours: Uint32Array.of(7), selected: new Set(), radius: 3, ring: 9 })
    expect(pixels[0]).toBe(7)
    expect(pixels[9]).toBe(0)
    expect(pixels[90]).toBe(0)
  })
})
