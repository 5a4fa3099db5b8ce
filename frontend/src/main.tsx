import '@mantine/core/styles.css'
import './theme/global.css'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { readBrand, styleNonce } from './app/brand'
import { reloadForNewBuild } from './app/newBuild'

reloadForNewBuild(window)
// Dialogs keep the page behind them from scrolling with a style element, whose library looks for the nonce under this name.
Object.assign(globalThis, { __webpack_nonce__: styleNonce(document) })

const root = document.getElementById('root')
if (root) createRoot(root).render(<App brand={readBrand(document)} />)
