import '@mantine/core/styles.css'
import './theme/global.css'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { readBrand } from './app/brand'
import { reloadForNewBuild } from './app/newBuild'

reloadForNewBuild(window)
const root = document.getElementById('root')
if (root) createRoot(root).render(<App brand={readBrand(document)} />)
