/**
 * How the desktop packages are made: `npm run build`, then
 * `npx electron-builder@26.17.0 --config electron-builder.config.mjs`. electron-builder is not installed with the
 * project: it brings 230 packages that nobody needs who only runs or changes Espectro.
 */
export default {
  appId: 'app.espectro.studio',
  productName: 'Espectro',
  copyright: 'MIT licence',
  directories: { output: 'dist', buildResources: 'resources/icons' },
  electronVersion: '45.4.1',
  files: ['out/**', 'package.json', '!out/types/**'],
  extraResources: [{ from: 'resources', to: 'resources' }],
  asar: true,
  // Native modules must be real files.
  asarUnpack: ['**/*.node', '**/onnxruntime-node/bin/**'],
  // Native modules bring their binaries: nothing is built or fetched for them.
  npmRebuild: false,
  nodeGypRebuild: false,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  fileAssociations: [
    { ext: 'espectro', name: 'Espectro archive', description: 'A dataset of recordings', role: 'Editor', mimeType: 'application/x-espectro' },
    { ext: 'onnx', name: 'ONNX model', description: 'A recogniser', role: 'Viewer', rank: 'Alternate', mimeType: 'application/x-onnx' },
  ],
  linux: {
    category: 'AudioVideo',
    maintainer: 'Espectro',
    synopsis: 'Offline studio that turns recordings into a voice recogniser',
    target: [{ target: 'AppImage', arch: ['x64'] }, { target: 'deb', arch: ['x64'] }],
  },
  win: { target: [{ target: 'nsis', arch: ['x64'] }] },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  mac: {
    category: 'public.app-category.music',
    hardenedRuntime: true,
    extendInfo: { NSMicrophoneUsageDescription: 'Espectro records the clips that you speak.' },
    target: [{ target: 'dmg', arch: ['arm64', 'x64'] }],
  },
}
