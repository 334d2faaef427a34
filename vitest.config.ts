import { defineConfig } from 'vitest/config'

const suite = (name: string, folders: string[], timeout: number) => ({
  extends: true as const,
  test: { name, include: folders.map((f) => `tests/${f}/**/*.test.ts`), testTimeout: timeout, hookTimeout: timeout },
})

/** `unit` is pure and quick (part of `npm run check`); `real` uses real files, SQLite, ONNX Runtime, processes. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      suite('unit', ['unit'], 20_000),
      suite('real', ['integration', 'reference', 'faults', 'hostile'], 300_000),
    ],
  },
})
