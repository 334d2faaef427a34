/**
 * The gradient norm of each layer: √Σ over the squares of its parameters' norms. A layer is the path of its
 * parameters without their last part: `conv1` of `conv1.weight` and `conv1.bias`.
 */
export function layerNorms(parameters: readonly string[], norms: ArrayLike<number>): Record<string, number> {
  const squares = new Map<string, number>()
  parameters.forEach((name, i) => {
    const layer = name.slice(0, Math.max(0, name.lastIndexOf('.')))
    squares.set(layer, (squares.get(layer) ?? 0) + norms[i]! ** 2)
  })
  return Object.fromEntries([...squares].map(([layer, sum]) => [layer, Math.fround(Math.sqrt(sum))]))
}
