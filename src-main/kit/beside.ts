/**
 * The address of a script beside a module: `.ts` where the sources run, `.js` in the desktop window's build, which
 * keeps the folders of the sources. `name` has no ending; `module` is the caller's `import.meta.url`.
 */
export function besideModule(name: string, module: string): URL {
  return new URL(name + module.slice(module.lastIndexOf('.')), module)
}
