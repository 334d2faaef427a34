// Opens the studio: installs and builds what is missing, then the desktop window, or the same studio in the browser.
//   npm start -- [--library DIR] [--browser] [--port N] [--no-open]
import { parseArgs } from 'node:util'
import { ensureBuilt } from './build.mjs'
import { openDesktop } from './desktop.mjs'
import { ensureInstalled, runNode } from './ensure.mjs'

const options = { library: { type: 'string' }, browser: { type: 'boolean' }, host: { type: 'string' }, port: { type: 'string' }, 'no-open': { type: 'boolean' } }
let values
try {
  ;({ values } = parseArgs({ options }))
} catch (problem) {
  console.error(`${problem.message}\nnpm start -- [--library DIR] [--browser] [--host ADDRESS] [--port N] [--no-open]`)
  process.exit(2)
}
ensureInstalled()
ensureBuilt()
if (!values.browser) {
  const outcome = openDesktop(values.library)
  if (typeof outcome === 'number') process.exit(outcome)
  console.error(`${outcome} The same studio is served to the browser on this machine instead.`)
}
const serve = [
  ...(values.library === undefined ? [] : ['--library', values.library]),
  'serve',
  ...['host', 'port'].flatMap((name) => (values[name] === undefined ? [] : [`--${name}`, values[name]])),
  ...(values['no-open'] ? ['--no-open'] : []),
]
process.exit(runNode(['--disable-warning=ExperimentalWarning', 'src-main/app/cli.ts', ...serve]))
