/**
 * Likely label errors by confident learning (Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty
 * in Dataset Labels", Journal of Artificial Intelligence Research 70). In: given labels and probabilities [clip, class]
 * of networks that did not see the clip (out of fold). Pure.
 */
import { assert } from '../../kit/index.ts'

export interface LabelIssue {
  /** Place of the clip. */
  readonly place: number
  readonly given: number
  /** What the networks say instead: the most probable other class. */
  readonly suggested: number
  /** Probability of the given label (the paper's self-confidence). */
  readonly selfConfidence: number
  /** p(given) − p(most probable other), from −1 (surely wrong) to 1 (the paper's normalised margin, there shifted to 0–1). */
  readonly margin: number
}

/** The paper's t_j: mean probability of class j over the clips that are labelled j; above 1 where there is none. */
export function classThresholds(labels: ArrayLike<number>, probabilities: Float32Array, classes: number): Float64Array {
  const sum = new Float64Array(classes)
  const clips = new Float64Array(classes)
  for (let i = 0; i < labels.length; i++) {
    sum[labels[i]!]! += probabilities[i * classes + labels[i]!]!
    clips[labels[i]!]! += 1
  }
  return sum.map((s, k) => (clips[k] === 0 ? 2 : s / clips[k]!))
}

const TIE = 1e-6

/**
 * The class that a clip confidently is: of those whose probability reaches their threshold the most probable one;
 * -1 where there is none.
 */
function confidentClass(probabilities: Float32Array, at: number, thresholds: Float64Array): number {
  let best = -1
  for (let k = 0; k < thresholds.length; k++) {
    if (probabilities[at + k]! < thresholds[k]! - TIE) continue
    if (best < 0 || probabilities[at + k]! > probabilities[at + best]!) best = k
  }
  return best
}

/** The paper's C[given][true]: confident clips, counted (equation 1). */
export function confidentJoint(labels: ArrayLike<number>, probabilities: Float32Array, classes: number): number[][] {
  assert(probabilities.length === labels.length * classes, 'one probability for each clip and class')
  const thresholds = classThresholds(labels, probabilities, classes)
  const joint = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0))
  for (let i = 0; i < labels.length; i++) {
    const k = confidentClass(probabilities, i * classes, thresholds)
    if (k >= 0) joint[labels[i]!]![k]! += 1
  }
  return joint
}

/**
 * The clips whose label is probably wrong: those that the confident joint counts off its diagonal and whose given label is
 * not the most probable one. The most probable error (lowest margin) first.
 */
export function labelIssues(labels: ArrayLike<number>, probabilities: Float32Array, classes: number): LabelIssue[] {
  const thresholds = classThresholds(labels, probabilities, classes)
  const issues: LabelIssue[] = []
  for (let i = 0; i < labels.length; i++) {
    const k = confidentClass(probabilities, i * classes, thresholds)
    if (k < 0 || k === labels[i]) continue
    const issue = issueAt(labels, probabilities, classes, i)
    if (issue.margin < 0) issues.push(issue)
  }
  return issues.sort((a, b) => a.margin - b.margin || a.place - b.place)
}

function issueAt(labels: ArrayLike<number>, probabilities: Float32Array, classes: number, place: number): LabelIssue {
  const given = labels[place]!
  const at = place * classes
  let suggested = given === 0 ? 1 : 0
  for (let k = 0; k < classes; k++) if (k !== given && probabilities[at + k]! > probabilities[at + suggested]!) suggested = k
  const selfConfidence = probabilities[at + given]!
  return { place, given, suggested, selfConfidence, margin: selfConfidence - probabilities[at + suggested]! }
}
