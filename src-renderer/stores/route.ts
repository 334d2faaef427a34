import { useEventListener } from '@vueuse/core'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { parseRoute, routeAddress } from './route-address.ts'

/** Which view is shown, kept in the address: back and forward work, and a page that is loaded again stays where it was. */
export const useRoute = defineStore('route', () => {
  const current = shallowRef(parseRoute(location.hash))
  useEventListener(window, 'hashchange', () => (current.value = parseRoute(location.hash)))
  return {
    current,
    go: (view: string, ...path: (string | number)[]) => {
      location.hash = routeAddress(view, ...path)
    },
  }
})
