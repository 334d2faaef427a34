/** What is dragged inside the Library: the chosen clips, or one label. */
export const CLIPS = 'application/x-espectro-clips'
export const LABEL = 'application/x-espectro-label'

export const carries = (event: DragEvent, type: string): boolean => event.dataTransfer?.types.includes(type) ?? false

/** A small card with the number of clips follows the pointer. */
export function startClipDrag(event: DragEvent, text: string): void {
  if (!event.dataTransfer) return
  event.dataTransfer.setData(CLIPS, '')
  event.dataTransfer.effectAllowed = 'copyMove'
  const card = document.createElement('div')
  card.className = 'fixed -top-20 left-0 rounded-md bg-accent-strong px-2 py-1 text-xs font-medium text-on-accent'
  card.textContent = text
  document.body.append(card)
  event.dataTransfer.setDragImage(card, 12, 12)
  setTimeout(() => card.remove())
}
