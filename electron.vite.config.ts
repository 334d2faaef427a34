import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The page and the preload use the contract's types and a few constants: its schemas stay out of both. */
const treeshake = { moduleSideEffects: (id: string) => !id.includes('/src-contract/') }

/**
 * Three builds: the desktop door, its preload and the page. Served mode runs the sources directly and needs
 * the page only.
 */
export default defineConfig({
  main: {
    build: {
      rolldownOptions: {
        input: [
          'app/desktop', 'audio/decode-worker', 'embedding/process/entry', 'explanation/process/entry', 'pictures/process/entry', 'recognition/process/entry', 'runtime/device-probe', 'training/process/entry', 'training/parallel/replica-worker',
          'training/augmenting/augmenting-worker', 'training/preview/preview-worker',
        ].map((script) => at(`src-main/${script}.ts`)),
        // The folders of the sources are kept: scripts of processes and threads lie beside the modules that start them.
        output: { preserveModules: true, preserveModulesRoot: at('.') },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload cannot load modules: one whole CommonJS file.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('src-preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
        treeshake,
      },
    },
  },
  renderer: {
    root: at('src-renderer'),
    base: '/',
    resolve: { alias: { '@contract': at('src-contract/index.ts'), '@': at('src-renderer') } },
    plugins: [vue(), tailwindcss()],
    define: {
      __VUE_I18N_LEGACY_API__: 'false',
      __VUE_I18N_FULL_INSTALL__: 'false',
      __INTLIFY_PROD_DEVTOOLS__: 'false',
    },
    build: {
      minify: 'oxc',
      // Small files inlined as data: addresses would need more holes in the content security policy.
      assetsInlineLimit: 0,
      rolldownOptions: { input: { index: at('src-renderer/index.html') }, treeshake },
    },
  },
})
