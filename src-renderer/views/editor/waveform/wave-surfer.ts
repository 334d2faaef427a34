import WaveSurfer, { type WaveSurferOptions } from 'wavesurfer.js'

/**
 * A WaveSurfer that keeps to the content security policy. It writes its styles as an inline `<style>`, which the policy
 * forbids; so it is built out of the page, where no style applies yet, and they become a constructed sheet.
 */
export function createWaveSurfer(place: HTMLElement, options: Omit<WaveSurferOptions, 'container'>): WaveSurfer {
  const container = document.createElement('div')
  const surfer = WaveSurfer.create({ ...options, container })
  const root = surfer.getWrapper().getRootNode() as ShadowRoot
  for (const style of root.querySelectorAll('style')) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(style.textContent)
    root.adoptedStyleSheets.push(sheet)
    style.remove()
  }
  place.replaceChildren(container)
  return surfer
}
