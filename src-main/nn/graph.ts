/**
 * A graph of ONNX nodes under construction: symbolic tensors go in and come out of `op`, constants are
 * shared, and nothing is computed here. `onnx-file.ts` turns a graph into the bytes of a model.
 */
import { assert } from '../kit/index.ts'

export type DType = 'float32' | 'float16' | 'int64' | 'int32' | 'int8' | 'uint8' | 'bool'

/** A size, or the name of a size that is known only when the model runs (`'N'`, `'samples'`). */
export type Dim = number | string
export type Shape = readonly Dim[]

export interface Tensor {
  readonly name: string
  readonly shape: Shape
  readonly dtype: DType
}

/** An attribute: ONNX tells integers from floats, so a float is written `{ float: 1 }`. */
export type Attribute = number | string | readonly number[] | { readonly float: number } | { readonly floats: readonly number[] }
export type Attributes = Readonly<Record<string, Attribute>>

export interface TensorSpec {
  readonly shape: Shape
  readonly dtype?: DType
}

export interface GraphNode {
  readonly type: string
  readonly domain: string
  /** The empty name stands for an optional input that is left out, as in ONNX. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Attributes
}

export interface Constant extends Tensor {
  readonly values: Float32Array | BigInt64Array | Int32Array | Int8Array | Uint8Array | Uint16Array
}

/** Which formulation of an operation to write: some are fast on one kind of device and wrong on another. */
export type Target = 'cpu' | 'webgpu'

export class Graph {
  readonly target: Target
  readonly nodes: GraphNode[] = []
  readonly inputs: Tensor[] = []
  readonly constants: Constant[] = []
  readonly outputs: { readonly name: string; readonly tensor: Tensor }[] = []
  private readonly shared = new Map<string, Constant>()
  private readonly names = new Set<string>()
  private readonly scopes: string[] = []
  private count = 0

  constructor(options: { readonly target?: Target } = {}) {
    this.target = options.target ?? 'cpu'
  }

  input(name: string, shape: Shape, dtype: DType = 'float32'): Tensor {
    this.claim(name)
    const tensor: Tensor = { name, shape: [...shape], dtype }
    this.inputs.push(tensor)
    return tensor
  }

  /** Declares a result of the graph. One tensor may be given out under several names. */
  output(name: string, tensor: Tensor): void {
    this.claim(name)
    this.outputs.push({ name, tensor })
  }

  /** A constant, row-major. Small equal constants are stored once. */
  constant(values: ArrayLike<number>, shape: readonly number[], dtype: DType = 'float32'): Constant {
    const size = shape.reduce((a, b) => a * b, 1)
    const key = size <= 64 ? `${dtype}[${shape.join(',')}]${Array.from(values).join(',')}` : undefined
    const known = key === undefined ? undefined : this.shared.get(key)
    if (known) return known
    const made = this.addConstant(this.fresh('const', ''), values, shape, dtype)
    if (key !== undefined) this.shared.set(key, made)
    return made
  }

  /** A constant under a name of its own, which viewers show: `conv1.weight`. It is not shared. */
  namedConstant(name: string, values: ArrayLike<number>, shape: readonly number[], dtype: DType = 'float32'): Constant {
    this.claim(name)
    return this.addConstant(name, values, shape, dtype)
  }

  /** What is written by `write` is named after this part of the model: `conv1/Conv_12`. */
  within<T>(scope: string, write: () => T): T {
    this.scopes.push(scope)
    try {
      return write()
    } finally {
      this.scopes.pop()
    }
  }

  scalar(value: number, dtype: DType = 'float32'): Constant {
    return this.constant([value], [], dtype)
  }

  /** A vector of 64-bit integers: axes, shapes, pads. */
  ints(...values: number[]): Constant {
    return this.constant(values, [values.length], 'int64')
  }

  /**
   * One ONNX node. The caller states the result's shape (and type, float32 unless told): the operations
   * in `operations/` infer it; use those where one exists.
   */
  op(type: string, inputs: readonly (Tensor | null)[], attributes: Attributes, output: TensorSpec, domain?: string): Tensor
  op(type: string, inputs: readonly (Tensor | null)[], attributes: Attributes, outputs: readonly TensorSpec[], domain?: string): Tensor[]
  op(
    type: string,
    inputs: readonly (Tensor | null)[],
    attributes: Attributes,
    output: TensorSpec | readonly TensorSpec[],
    domain = '',
  ): Tensor | Tensor[] {
    const specs = Array.isArray(output) ? (output as readonly TensorSpec[]) : [output as TensorSpec]
    const made = specs.map((spec): Tensor => ({ name: this.fresh(type), shape: [...spec.shape], dtype: spec.dtype ?? 'float32' }))
    this.nodes.push({
      type,
      domain,
      inputs: inputs.map((t) => t?.name ?? ''),
      outputs: made.map((t) => t.name),
      attributes,
    })
    return Array.isArray(output) ? made : made[0]!
  }

  private addConstant(name: string, values: ArrayLike<number>, shape: readonly number[], dtype: DType): Constant {
    const size = shape.reduce((a, b) => a * b, 1)
    assert(values.length === size, `constant of ${values.length} values for shape [${shape.join(', ')}]`)
    const made: Constant = { name, shape: [...shape], dtype, values: typedValues(values, dtype) }
    this.constants.push(made)
    return made
  }

  private claim(name: string): void {
    assert(name !== '' && !this.names.has(name), `the name "${name}" is empty or taken`)
    this.names.add(name)
  }

  private fresh(stem: string, scope = this.scopes.map((s) => `${s}/`).join('')): string {
    const name = `${scope}${stem}_${this.count++}`
    this.claim(name)
    return name
  }
}

function typedValues(values: ArrayLike<number>, dtype: DType): Constant['values'] {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values)
    case 'int64':
      return BigInt64Array.from(Array.from(values, BigInt))
    case 'int32':
      return Int32Array.from(values)
    case 'int8':
      return Int8Array.from(values)
    case 'float16': // already encoded as 16-bit patterns by the caller
      return Uint16Array.from(values)
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values)
  }
}

/** The number of elements of a shape whose sizes are all known. */
export function sizeOf(shape: Shape): number {
  return shape.reduce<number>((product, d) => {
    assert(typeof d === 'number', `the size of [${shape.join(', ')}] is not known`)
    return product * d
  }, 1)
}
