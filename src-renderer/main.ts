import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { connect } from './client/connection.ts'
import { provideConnection } from './client/use-client.ts'
import { i18n } from './locales/i18n.ts'
import './styles.css'

const app = createApp(App)
provideConnection(app, connect())
app.use(createPinia()).use(i18n).mount('#app')
