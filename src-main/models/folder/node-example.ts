/** The runtime's version that the model was measured with; newer ones read older files. */
export const RUNTIME_VERSION = '1.30.0'

/** Of the program that is written, not of this one. */
const runtimeImport = ['import * as ort from', "'onnxruntime-node'"].join(' ')

export const nodeFiles = (frontEnd: boolean): Readonly<Record<string, string>> => ({
  'node/package.json': `${JSON.stringify({ private: true, type: 'module', dependencies: { 'onnxruntime-node': RUNTIME_VERSION } }, null, 2)}\n`,
  'node/recognise.mjs': program(frontEnd),
})

const program = (frontEnd: boolean): string => `// node recognise.mjs FILE.wav …
// Prints for each file its most probable labels. Needs: npm install (onnxruntime-node).
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
${runtimeImport}

const beside = (name) => fileURLToPath(new URL(\`../\${name}\`, import.meta.url))
const { labels, sampleRate } = JSON.parse(readFileSync(beside('labels.json'), 'utf8'))
const model = await ort.InferenceSession.create(beside('model.onnx'))
${frontEnd ? '' : "const frontEnd = await ort.InferenceSession.create(beside('front-end.onnx'))\n"}
/** Mono samples, full scale ±1, of a WAV file with 16-bit or float samples. */
function readWav(path) {
  const bytes = readFileSync(path)
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') throw new Error(\`\${path} is not a WAV file\`)
  let format
  for (let at = 12; at + 8 <= bytes.length; ) {
    const [name, size] = [bytes.toString('latin1', at, at + 4), bytes.readUInt32LE(at + 4)]
    const start = at + 8
    if (name === 'fmt ') format = { code: bytes.readUInt16LE(start), channels: bytes.readUInt16LE(start + 2), rate: bytes.readUInt32LE(start + 4), bits: bytes.readUInt16LE(start + 14) }
    if (name === 'data') {
      const { code, channels, rate, bits } = format
      if (rate !== sampleRate) throw new Error(\`\${path} has \${rate} Hz; the model takes \${sampleRate} Hz: ffmpeg -i IN -ac 1 -ar \${sampleRate} OUT.wav\`)
      const float = code === 3 && bits === 32
      if (!float && bits !== 16) throw new Error(\`\${path} has \${bits} bits a sample; this program reads 16-bit and float\`)
      const end = Math.min(start + size, bytes.length)
      const frames = Math.floor((end - start) / (channels * (bits / 8)))
      return Float32Array.from({ length: frames }, (_, i) => {
        let sum = 0
        for (let c = 0; c < channels; c++) {
          const place = start + (i * channels + c) * (bits / 8)
          sum += float ? bytes.readFloatLE(place) : bytes.readInt16LE(place) / 32768
        }
        return sum / channels
      })
    }
    at = start + size + (size % 2)
  }
  throw new Error(\`\${path} has no sound\`)
}

async function recognise(samples) {
  const waveform = new ort.Tensor('float32', samples, [1, samples.length])
${
  frontEnd
    ? '  const { probabilities } = await model.run({ waveform })'
    : '  const { features } = await frontEnd.run({ waveform })\n  const { probabilities } = await model.run({ features })'
}
  return labels.map((label, i) => ({ label, probability: probabilities.data[i] })).sort((a, b) => b.probability - a.probability)
}

const files = process.argv.slice(2)
if (files.length === 0) console.error('node recognise.mjs FILE.wav …')
for (const file of files) {
  const best = (await recognise(readWav(file))).slice(0, 3)
  console.log(\`\${file}: \${best.map(({ label, probability }) => \`\${label} \${(100 * probability).toFixed(1)} %\`).join(', ')}\`)
}
`
