import type { BackpropagationTrace } from '@contract'

type Operation = BackpropagationTrace['operations'][number]
type Tensor = BackpropagationTrace['tensors'][number]

/** One line of the product: what is computed, and of which numbers. */
export interface Product {
  readonly of: string
  readonly factors: string
  readonly result: number
}

/** The way back through one input of an operation. */
export interface Passage {
  readonly tensor: Tensor
  /** The rule, in symbols. */
  readonly rule: string
  readonly products: readonly Product[]
}

/** Products that are written out for one input. */
const WRITTEN = 12
const number = (v: number): string => (v < 0 ? `(${show(v)})` : show(v))
export const show = (v: number): string => {
  const text = Math.abs(v) >= 1e-3 || v === 0 ? v.toFixed(4) : v.toExponential(1)
  return text.replaceAll('-', '−')
}
const POINTWISE: Readonly<Record<string, string>> = {
  sigmoid: '∂L/∂z = ∂L/∂a · a·(1 − a)',
  tanh: '∂L/∂z = ∂L/∂a · (1 − a²)',
  relu: '∂L/∂z = ∂L/∂a · [z > 0]',
  square: '∂L/∂d = ∂L/∂d² · 2·d',
}

/** How the gradient of the result becomes that of each input, with the numbers of this step. */
export function passages(operation: Operation, tensors: ReadonlyMap<string, Tensor>): Passage[] {
  const output = tensors.get(operation.output)!
  const incoming = output.gradient ?? []
  const inputs = operation.inputs.map((id) => tensors.get(id)!)
  const some = (tensor: Tensor, rule: string, factors: (i: number) => string, of: (i: number) => string = (i) => `[${i + 1}]`): Passage => ({
    tensor, rule,
    products: (tensor.gradient ?? []).slice(0, WRITTEN).map((result, i) => ({ of: of(i), factors: factors(i), result })),
  })
  const { derivative } = operation
  if (derivative) return [some(inputs[0]!, POINTWISE[operation.operation] ?? '∂L/∂x = ∂L/∂y · f′(x)', (i) => `${number(incoming[i]!)} · ${number(derivative[i]!)}`)]
  switch (operation.operation) {
    case 'linear': {
      const [x, w, b] = inputs as [Tensor, Tensor, Tensor | undefined]
      const units = incoming.length
      return [
        some(w, '∂L/∂Wᵢⱼ = xᵢ · ∂L/∂zⱼ', (i) => `${number(x.values[Math.floor(i / units)]!)} · ${number(incoming[i % units]!)}`, (i) => `[${Math.floor(i / units) + 1}, ${(i % units) + 1}]`),
        ...(b ? [some(b, '∂L/∂bⱼ = ∂L/∂zⱼ', (i) => number(incoming[i]!))] : []),
        some(x, '∂L/∂xᵢ = Σⱼ Wᵢⱼ · ∂L/∂zⱼ', (i) => incoming.map((d, j) => `${number(w.values[i * units + j]!)} · ${number(d)}`).join(' + ')),
      ]
    }
    case 'sub':
      return [some(inputs[0]!, '∂L/∂a = ∂L/∂d · 1', (i) => `${number(incoming[i]!)} · 1`)]
    case 'sum':
      return [some(inputs[0]!, '∂L/∂dᵢ² = ∂L/∂L · 1', () => `${number(incoming[0]!)} · 1`)]
    case 'softmaxCrossEntropy':
      return [some(inputs[0]!, '∂L/∂z = p − y', (i) => `${number((inputs[0]!.gradient?.[i] ?? 0) + (inputs[1]!.values[i] ?? 0))} − ${number(inputs[1]!.values[i] ?? 0)}`)]
    case 'conv2d': {
      const [x, w, b] = inputs as [Tensor, Tensor, Tensor | undefined]
      return [
        some(w, '∂L/∂W = Σ x(r + i, c + j) · ∂L/∂z(r, c)', () => 'Σ'),
        ...(b ? [some(b, '∂L/∂b = Σ ∂L/∂z(r, c)', () => 'Σ')] : []),
        some(x, '∂L/∂x(r, c) = Σ W(i, j) · ∂L/∂z(r − i, c − j)', () => 'Σ'),
      ]
    }
    case 'maxPool2d':
      return [some(inputs[0]!, '∂L/∂x = ∂L/∂y · [x = max]', (i) => (inputs[0]!.gradient?.[i] === 0 ? '0' : '1 · ∂L/∂y'))]
    default:
      return inputs.filter((t) => t.gradient).map((t) => some(t, '', () => ''))
  }
}
