import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const suite = (name: string, folders: string[], timeout: number) => ({
  extends: true as const,
  test: { name, include: folders.map((f) => `tests/${f}/**/*.test.ts`), testTimeout: timeout, hookTimeout: timeout },
})

/** Builds the page first. One browser at a time: two would only slow each other down. */
const ends = suite('e2e', ['e2e'], 240_000)
const browserSuite = { ...ends, test: { ...ends.test, globalSetup: ['tests/e2e/build-page.ts'], fileParallelism: false } }

/**
 * `unit` is pure and quick (part of `npm run check`); `real` uses real files, SQLite, ONNX Runtime, processes;
 * `e2e` drives the built page in a real browser.
 */
export default defineConfig({
  // As in the page's build: its pure parts are tested here.
  resolve: { alias: { '@contract': fileURLToPath(new URL('src-contract/index.ts', import.meta.url)) } },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      suite('unit', ['unit'], 20_000),
      suite('real', ['integration', 'reference', 'faults', 'hostile'], 300_000),
      browserSuite,
    ],
  },
})
