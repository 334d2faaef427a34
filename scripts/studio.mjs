// The studio as far as it is built, in the browser: installs and builds what is missing, then serves it on 127.0.0.1.
import { ensureInstalled, runNode } from './ensure.mjs'

ensureInstalled()
const built = runNode(['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'], { env: { NODE_ENV: 'production' } })
if (built !== 0) process.exit(built)
process.exit(runNode(['src-main/app/serve.ts', ...process.argv.slice(2)]))
