/**
 * The operators of ONNX's own domain that a classifier of sound may use. Left out on purpose: control flow
 * (If, Loop, Scan: subgraphs), sequences and optionals, random numbers, text, and anything of another domain.
 */
const groups = {
  arithmetic: 'Abs Add Ceil Clip CumSum Div Erf Exp Floor Log Max Mean Min Mod Mul Neg Pow Reciprocal Round Sign Sqrt Sub Sum',
  comparison: 'And Equal Greater GreaterOrEqual IsInf IsNaN Less LessOrEqual Not Or Where Xor',
  trigonometry: 'Acos Asin Atan Cos Cosh Sin Sinh Tan',
  products: 'Conv ConvTranspose Einsum Gemm MatMul',
  activation:
    'Celu Elu Gelu HardSigmoid HardSwish LeakyRelu LogSoftmax Mish PRelu Relu Selu Sigmoid Softmax Softplus Softsign Tanh ThresholdedRelu',
  normalisation: 'BatchNormalization GroupNormalization InstanceNormalization LayerNormalization LpNormalization LRN MeanVarianceNormalization',
  pooling: 'AveragePool GlobalAveragePool GlobalMaxPool LpPool MaxPool',
  reduction: 'ArgMax ArgMin ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare TopK',
  recurrence: 'GRU LSTM RNN',
  shape:
    'Cast Concat DepthToSpace Dropout Expand EyeLike Flatten Gather GatherElements GatherND Identity OneHot Pad Range Reshape Resize ReverseSequence ScatterElements ScatterND Shape Size Slice SpaceToDepth Split Squeeze Tile Transpose Trilu Unsqueeze',
  constants: 'Constant ConstantOfShape',
  spectra: 'BlackmanWindow DFT HammingWindow HannWindow MelWeightMatrix STFT',
  quantised: 'ConvInteger DequantizeLinear DynamicQuantizeLinear MatMulInteger QLinearConv QLinearMatMul QuantizeLinear',
} as const

export const ALLOWED_OPERATORS: ReadonlySet<string> = new Set(Object.values(groups).flatMap((names) => names.split(' ')))

/** Both spell ONNX's own domain. */
export const ALLOWED_DOMAINS: ReadonlySet<string> = new Set(['', 'ai.onnx'])
