// The main job on the embedded sample set, headless.
import { ensureInstalled, runNode } from './ensure.mjs'

ensureInstalled()
process.exit(runNode(['bin/espectro.mjs', 'demo', ...process.argv.slice(2)]))
