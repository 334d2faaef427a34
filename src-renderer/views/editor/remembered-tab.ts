/** Which tab is open outlasts the view. */
const STORED = 'espectro.editor.tab'
export const rememberedTab = (): string | null => localStorage.getItem(STORED)
export const rememberTab = (id: string): void => localStorage.setItem(STORED, id)
