import type { BackpropagationTrace } from '@contract'

type Operation = BackpropagationTrace['operations'][number]
type Tensor = BackpropagationTrace['tensors'][number]

/** A box of the picture: an operation, or a tensor that comes from outside. */
export interface Box {
  readonly key: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly tensor: Tensor
  /** Place in the list of operations; null for inputs, targets and parameters. */
  readonly operation: number | null
}

export interface Wire {
  readonly key: string
  readonly from: Box
  readonly to: Box
  readonly tensor: Tensor
  /** The operation that reads it. */
  readonly operation: number
}

export interface Picture {
  readonly boxes: readonly Box[]
  readonly wires: readonly Wire[]
  readonly width: number
  readonly height: number
}

/** In pixels; the least width has room for the name of an operation and of its layer side by side. */
const BOX = { row: 15, head: 34, gap: 28, parameterGap: 24, margin: 24, number: 39, least: 128 }
/** Numbers of a tensor that its box shows. */
export const SHOWN = 6
/** Of a row. */
export const COLUMNS = 3

/** Room for a row of values and, beside it, of gradients. */
const widthOf = (tensor: Tensor): number => Math.max(BOX.least, BOX.margin + 2 * BOX.number * Math.min(COLUMNS, rowsOf(tensor)[0]?.length ?? 1))
const heightOf = (tensor: Tensor): number => BOX.head + BOX.row * Math.min(SHOWN + 1, rowsOf(tensor).length)

/** The numbers as rows: a matrix row by row, all else one by one. */
export function rowsOf(tensor: Pick<Tensor, 'shape' | 'values'>, values: readonly number[] = tensor.values): readonly (readonly number[])[] {
  const columns = tensor.shape.at(-1) ?? 1
  const wide = tensor.shape.length >= 2 && tensor.shape.slice(0, -1).some((d) => d > 1)
  if (!wide) return values.map((v) => [v])
  return Array.from({ length: values.length / columns }, (_, i) => values.slice(i * columns, (i + 1) * columns))
}

/** Operations from left to right; what they read from outside stands above them. Reshapes that change no number are left out. */
export function layOut({ operations, tensors }: Pick<BackpropagationTrace, 'operations' | 'tensors'>): Picture {
  const byId = new Map(tensors.map((t) => [t.id, t]))
  const made = new Map<string, Box>()
  const boxes: Box[] = []
  const wires: Wire[] = []
  const middle = 250
  let x = 10
  const first = tensors.find((t) => t.role === 'input')
  const put = (key: string, tensor: Tensor, column: number, y: number, operation: number | null): Box => {
    const width = widthOf(tensor)
    const box = { key, x: x + (column - width) / 2, y, width, height: heightOf(tensor), tensor, operation }
    boxes.push(box)
    made.set(tensor.id, box)
    return box
  }
  if (first) {
    put(first.id, first, widthOf(first), middle - heightOf(first) / 2, null)
    x += widthOf(first) + BOX.gap
  }
  operations.forEach((operation: Operation, i) => {
    const output = byId.get(operation.output)!
    if (operation.operation === 'reshape') {
      // The same numbers in another shape.
      const source = made.get(operation.inputs[0]!)
      if (source) made.set(output.id, source)
      return
    }
    const inputs = operation.inputs.map((id) => byId.get(id)!)
    const outside = inputs.filter((tensor) => tensor.role === 'parameter' || tensor.role === 'target')
    const column = Math.max(...[output, ...outside].map(widthOf))
    const box = put(operation.output, output, column, middle - heightOf(output) / 2, i)
    let top = box.y - BOX.parameterGap
    for (const tensor of inputs) {
      if (outside.includes(tensor)) {
        top -= heightOf(tensor)
        put(tensor.id, tensor, column, top, null)
        top -= 10
      }
      wires.push({ key: `${tensor.id} ${operation.output}`, from: made.get(tensor.id)!, to: box, tensor, operation: i })
    }
    x += column + BOX.gap
  })
  const [top, bottom] = [Math.min(...boxes.map((b) => b.y)), Math.max(...boxes.map((b) => b.y + b.height))]
  return {
    boxes: boxes.map((b) => ({ ...b, y: b.y - top + 10 })),
    wires: wires.map((w) => ({ ...w, from: { ...w.from, y: w.from.y - top + 10 }, to: { ...w.to, y: w.to.y - top + 10 } })),
    width: x - BOX.gap + 10,
    height: bottom - top + 20,
  }
}
