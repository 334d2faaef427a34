import type { Language } from '../card/words.ts'
import { RUNTIME_VERSION } from './node-example.ts'

const words = {
  en: { title: 'Recogniser', file: 'A sound file', microphone: 'Record', stop: 'Stop', loading: 'The model is being loaded…', ready: 'Ready.', none: 'There is no sound in it.' },
  es: { title: 'Reconocedor', file: 'Un archivo de sonido', microphone: 'Grabar', stop: 'Parar', loading: 'Cargando el modelo…', ready: 'Listo.', none: 'No contiene sonido.' },
} as const

export const browserFiles = (frontEnd: boolean, language: Language): Readonly<Record<string, string>> => ({
  'browser/package.json': `${JSON.stringify({ private: true, type: 'module', dependencies: { 'onnxruntime-web': RUNTIME_VERSION } }, null, 2)}\n`,
  'browser/index.html': page(language),
  'browser/recognise.js': program(frontEnd, language),
})

const page = (language: Language): string => {
  const w = words[language]
  return `<!doctype html>
<html lang="${language}">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <title>${w.title}</title>
  <style>
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark; }
    form { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; }
    li { display: grid; grid-template-columns: 10rem 1fr 4rem; gap: 0.5rem; align-items: center; }
    ol { padding: 0; }
    li span:last-child { text-align: right; }
    progress { width: 100%; }
  </style>
  <h1>${w.title}</h1>
  <form>
    <label>${w.file} <input id="file" type="file" accept="audio/*" disabled /></label>
    <button id="microphone" type="button" disabled>${w.microphone}</button>
  </form>
  <p id="state" role="status">${w.loading}</p>
  <ol id="result"></ol>
  <script type="module" src="recognise.js"></script>
</html>
`
}

const program = (frontEnd: boolean, language: Language): string => {
  const w = words[language]
  return `// A static page: nothing is loaded from anywhere else. Needs: npm install (onnxruntime-web), and any web server over
// the folder above, because a page that is opened as a file may not read files.
import * as ort from './node_modules/onnxruntime-web/dist/ort.wasm.min.mjs'

ort.env.wasm.wasmPaths = new URL('node_modules/onnxruntime-web/dist/', document.baseURI).href
ort.env.wasm.numThreads = 1

const [file, microphone, state, result] = ['file', 'microphone', 'state', 'result'].map((id) => document.getElementById(id))
const { labels, sampleRate } = await (await fetch('../labels.json')).json()
const model = await ort.InferenceSession.create('../model.onnx')
${frontEnd ? '' : "const frontEnd = await ort.InferenceSession.create('../front-end.onnx')\n"}
async function recognise(samples) {
  const waveform = new ort.Tensor('float32', samples, [1, samples.length])
${
  frontEnd
    ? '  const { probabilities } = await model.run({ waveform })'
    : '  const { features } = await frontEnd.run({ waveform })\n  const { probabilities } = await model.run({ features })'
}
  return labels.map((label, i) => ({ label, probability: probabilities.data[i] })).sort((a, b) => b.probability - a.probability)
}

/** The browser decodes the sound, brings it to the model's rate, and this mixes it to one channel. */
async function samplesOf(bytes) {
  const sound = await new OfflineAudioContext(1, 1, sampleRate).decodeAudioData(bytes)
  const mono = new Float32Array(sound.length)
  for (let c = 0; c < sound.numberOfChannels; c++) sound.getChannelData(c).forEach((x, i) => (mono[i] += x / sound.numberOfChannels))
  return mono
}

async function show(blob) {
  try {
    const samples = await samplesOf(await blob.arrayBuffer())
    if (samples.length === 0) throw new Error('${w.none}')
    const all = await recognise(samples)
    state.textContent = all[0].label
    result.replaceChildren(
      ...all.slice(0, 5).map(({ label, probability }) => {
        const [item, name, bar, number] = ['li', 'span', 'progress', 'span'].map((tag) => document.createElement(tag))
        name.textContent = label
        bar.value = probability
        bar.ariaLabel = label
        number.textContent = \`\${(100 * probability).toFixed(1)} %\`
        item.append(name, bar, number)
        return item
      }),
    )
  } catch (problem) {
    state.textContent = String(problem.message ?? problem)
    result.replaceChildren()
  }
}

file.addEventListener('change', () => file.files[0] && show(file.files[0]))

let recorder = null
microphone.addEventListener('click', async () => {
  if (recorder) return recorder.stop()
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
    const parts = []
    recorder = new MediaRecorder(stream)
    recorder.ondataavailable = ({ data }) => parts.push(data)
    recorder.onstop = () => {
      for (const track of stream.getTracks()) track.stop()
      microphone.textContent = '${w.microphone}'
      show(new Blob(parts, { type: recorder.mimeType }))
      recorder = null
    }
    recorder.start()
    microphone.textContent = '${w.stop}'
  } catch (problem) {
    state.textContent = String(problem.message ?? problem)
  }
})

file.disabled = false
microphone.disabled = !navigator.mediaDevices
state.textContent = '${w.ready}'
`
}
