/** Logits to probabilities, cross-entropy and accuracy, in double precision. Rows are clips. */

/** Softmax of each row. */
export function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const out = new Float32Array(logits.length)
  for (let at = 0; at < logits.length; at += classes) {
    const norm = logSumExp(logits, at, classes)
    for (let k = 0; k < classes; k++) out[at + k] = Math.exp(logits[at + k]! - norm)
  }
  return out
}

/** Mean −log softmax(logits)[label] in nats, and the part of rows whose largest logit is the label's. */
export function scoreLogits(logits: Float32Array, labels: ArrayLike<number>, classes: number): { loss: number; accuracy: number } {
  let loss = 0
  for (let i = 0; i < labels.length; i++) loss += logSumExp(logits, i * classes, classes) - logits[i * classes + labels[i]!]!
  return { loss: loss / labels.length, accuracy: countCorrect(logits, labels, classes) / labels.length }
}

/** Rows whose largest logit (the first of equals) is the label's. */
export function countCorrect(logits: Float32Array, labels: ArrayLike<number>, classes: number): number {
  let correct = 0
  for (let i = 0; i < labels.length; i++) {
    if (largestAt(logits, i * classes, classes) === labels[i]) correct++
  }
  return correct
}

/** The rows of the highest loss (−log softmax(logits)[label], nats), worst first. */
export function worstRows(logits: Float32Array, labels: ArrayLike<number>, classes: number, count: number): { row: number; predicted: number; loss: number }[] {
  const rows = Array.from({ length: labels.length }, (_, row) => {
    const at = row * classes
    return { row, predicted: largestAt(logits, at, classes), loss: logSumExp(logits, at, classes) - logits[at + labels[row]!]! }
  })
  return rows.sort((a, b) => b.loss - a.loss || a.row - b.row).slice(0, count)
}

function largestAt(logits: Float32Array, at: number, classes: number): number {
  let best = 0
  for (let k = 1; k < classes; k++) if (logits[at + k]! > logits[at + best]!) best = k
  return best
}

function logSumExp(logits: Float32Array, at: number, classes: number): number {
  let largest = -Infinity
  for (let k = 0; k < classes; k++) largest = Math.max(largest, logits[at + k]!)
  let sum = 0
  for (let k = 0; k < classes; k++) sum += Math.exp(logits[at + k]! - largest)
  return largest + Math.log(sum)
}
