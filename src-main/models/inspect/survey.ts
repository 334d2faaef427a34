/**
 * Walks the protobuf wire format of an ONNX file and counts, before a decoder makes objects of it: a file of
 * half a gigabyte of empty messages would otherwise fill the memory. Field numbers are those of onnx.proto.
 */
import { fail, ok, type Result } from '../../kit/index.ts'
import type { ModelLimits } from './limits.ts'

type Kind = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'leaf'

interface KindRules {
  /** Messages inside, by field number. */
  readonly inside: Readonly<Record<number, Kind>>
  /** What has no place in a file that we run, by field number. */
  readonly refused?: Readonly<Record<number, string>>
  /** Fields that may occur once: decoders disagree on what a second one means. */
  readonly once?: readonly number[]
  /** Numbers stored loosely: packed varints or fixed-size values. */
  readonly loose?: readonly number[]
}

const rules: Readonly<Record<Kind, KindRules>> = {
  model: {
    inside: { 7: 'graph', 8: 'leaf', 14: 'leaf' },
    refused: { 20: 'training instructions', 25: 'functions' },
    once: [7],
  },
  graph: {
    inside: { 1: 'node', 5: 'tensor', 11: 'leaf', 12: 'leaf', 13: 'leaf', 14: 'leaf' },
    refused: { 15: 'sparse initialisers' },
  },
  node: { inside: { 5: 'attribute' }, once: [4, 7] },
  attribute: {
    inside: { 5: 'tensor', 10: 'tensor' },
    refused: { 6: 'a graph inside a node', 11: 'graphs inside a node', 22: 'a sparse tensor', 23: 'sparse tensors', 21: 'a reference to a function' },
    once: [2, 3, 4, 5],
    loose: [7, 8],
  },
  tensor: { inside: { 3: 'leaf' }, refused: { 13: 'data in another file' }, once: [2, 9, 14], loose: [4, 5, 7, 10, 11] },
  leaf: { inside: {} },
}

export interface Survey {
  readonly nodes: number
  readonly tensors: number
  readonly fields: number
}

class Refusal extends Error {}

export function surveyModel(bytes: Uint8Array, limits: ModelLimits): Result<Survey> {
  if (bytes.length === 0) return fail('MODEL_INVALID', 'The model file is empty.')
  if (bytes.length > limits.bytes)
    return fail('MODEL_REFUSED', `The model file has ${bytes.length} bytes; at most ${limits.bytes} are accepted.`)
  const count = { nodes: 0, tensors: 0, fields: 0, loose: 0 }
  let at = 0

  const varint = (end: number): number => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) throw new Error('cut short')
      const byte = bytes[at++]!
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new Error('a number that does not end')
  }

  const check = (condition: boolean, what: string) => {
    if (!condition) throw new Refusal(what)
  }

  const walk = (kind: Kind, end: number): void => {
    const rule = rules[kind]
    if (kind === 'node') check(++count.nodes <= limits.nodes, `more than ${limits.nodes} nodes`)
    if (kind === 'tensor') check(++count.tensors <= limits.initialisers, `more than ${limits.initialisers} stored tensors`)
    const seen = new Set<number>()
    while (at < end) {
      check(++count.fields <= limits.fields, `more than ${limits.fields} fields`)
      const tag = varint(end)
      const field = Math.floor(tag / 8)
      check(rule.refused?.[field] === undefined, rule.refused?.[field] ?? '')
      if (rule.once?.includes(field)) check(!seen.has(field), `field ${field} of a ${kind} twice`)
      seen.add(field)
      const start = at
      let length = 0
      const wire = tag % 8
      if (wire === 0) varint(end)
      else if (wire === 1) length = 8
      else if (wire === 5) length = 4
      else if (wire === 2) length = varint(end)
      else throw new Error(`an unknown wire type ${wire}`)
      if (at + length > end) throw new Error('cut short')
      const inside = rule.inside[field]
      if (inside === undefined) at += length
      else if (wire === 2) walk(inside, at + length)
      else throw new Error(`field ${field} of a ${kind} is not a message`)
      if (rule.loose?.includes(field)) {
        count.loose += at - start
        check(count.loose <= limits.looseData, `more than ${limits.looseData} bytes of numbers that are not raw data`)
      }
    }
  }

  try {
    walk('model', bytes.length)
  } catch (problem) {
    if (problem instanceof Refusal) return fail('MODEL_REFUSED', `The model holds ${problem.message}, which is not accepted.`)
    const reason = problem instanceof Error ? problem.message : String(problem)
    return fail('MODEL_INVALID', `This is not a whole ONNX file: ${reason}.`)
  }
  return ok({ nodes: count.nodes, tensors: count.tensors, fields: count.fields })
}
