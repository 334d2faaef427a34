import type { Language } from '../card/words.ts'

export interface ReadmeFacts {
  readonly name: string
  readonly labels: readonly string[]
  readonly sampleRate: number
  readonly clipSeconds: number
  readonly frontEnd: boolean
  readonly example: boolean
}

export const readme = (facts: ReadmeFacts, language: Language): string => (language === 'es' ? spanish : english)(facts)

const title = (name: string): string => `# ${name.replace(/\s+/g, ' ').trim()}`
const wav = ({ example }: ReadmeFacts, spanish: boolean): string => (example ? '../example.wav' : spanish ? 'ARCHIVO.wav' : 'FILE.wav')

const english = (f: ReadmeFacts): string => `${title(f.name)}

A recogniser of ${f.labels.length} labels, made with Espectro. \`card.md\` says what it was trained on and how good it is.

| file | what it is |
| --- | --- |
${f.frontEnd
  ? `| \`model.onnx\` | waveform in (mono, full scale ±1, ${f.sampleRate} Hz, any length: it is fitted to ${f.clipSeconds} s), \`probabilities\` out |`
  : `| \`front-end.onnx\` | \`waveform\` in (mono, full scale ±1, ${f.sampleRate} Hz, any length: it is fitted to ${f.clipSeconds} s), \`features\` out |
| \`model.onnx\` | \`features\` in, \`probabilities\` out |`}
| \`labels.json\` | the labels in the order of the probabilities, and the sample rate |
| \`front-end.json\` | the settings of the front end |
| \`card.md\` | the model card |
${f.example ? '| `example.wav` | one clip of the test set |\n' : ''}
Only operators of ONNX itself are used: any runtime for ONNX files can run it.

## Node

    cd node
    npm install
    node recognise.mjs ${wav(f, false)}

## Python

    cd python
    pip install -r requirements.txt
    python recognise.py ${wav(f, false)}

## Browser

    cd browser
    npm install
    cd ..
    python -m http.server

Then open http://localhost:8000/browser/. Nothing is loaded from anywhere else; recording needs a page from this machine or over HTTPS.
`

const spanish = (f: ReadmeFacts): string => `${title(f.name)}

Un reconocedor de ${f.labels.length} etiquetas, hecho con Espectro. \`card.md\` dice con qué se entrenó y cómo de bueno es.

| archivo | qué es |
| --- | --- |
${f.frontEnd
  ? `| \`model.onnx\` | entra \`waveform\` (mono, escala completa ±1, ${f.sampleRate} Hz, cualquier longitud: se ajusta a ${f.clipSeconds} s) y sale \`probabilities\` |`
  : `| \`front-end.onnx\` | entra \`waveform\` (mono, escala completa ±1, ${f.sampleRate} Hz, cualquier longitud: se ajusta a ${f.clipSeconds} s) y sale \`features\` |
| \`model.onnx\` | entra \`features\` y sale \`probabilities\` |`}
| \`labels.json\` | las etiquetas en el orden de las probabilidades, y la frecuencia de muestreo |
| \`front-end.json\` | los ajustes de la extracción de características |
| \`card.md\` | la ficha del modelo |
${f.example ? '| `example.wav` | un clip del conjunto de prueba |\n' : ''}
Solo usa operadores propios de ONNX: cualquier programa que ejecute archivos ONNX puede usarlo.

## Node

    cd node
    npm install
    node recognise.mjs ${wav(f, true)}

## Python

    cd python
    pip install -r requirements.txt
    python recognise.py ${wav(f, true)}

## Navegador

    cd browser
    npm install
    cd ..
    python -m http.server

Después abra http://localhost:8000/browser/. No se carga nada de ningún otro sitio; para grabar, la página tiene que venir de este equipo o por HTTPS.
`
