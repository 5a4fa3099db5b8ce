import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'
import { type Accent, accentOf } from './accent'

/** Greys with a slight cool tint; dark counts from its lightest text to its deepest ground. */
const cool: MantineColorsTuple = [
  '#f7f8fa',
  '#eef0f3',
  '#e3e6eb',
  '#d0d5dd',
  '#a9b0bd',
  '#7b8494',
  '#596273',
  '#414957',
  '#2b313c',
  '#191d24',
]
const night: MantineColorsTuple = [
  '#e6e9ef',
  '#c3c9d4',
  '#9aa3b2',
  '#7a8494',
  '#4c5463',
  '#363d4a',
  '#272d37',
  '#1d2129',
  '#16191f',
  '#101216',
]

/** The status red; white text on it is readable in both schemes. */
const red: MantineColorsTuple = [
  '#fdf1f1',
  '#fce8e8',
  '#f7cfd0',
  '#efa8aa',
  '#e57f83',
  '#d9565c',
  '#c02b33',
  '#a4242b',
  '#861d23',
  '#65161a',
]

const systemFont =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif'

/** The head of a dialog is no banner of the page, whatever element it is made of. */
const dialogParts = { header: { role: 'presentation' } }
const dialogTitle = { fontSize: 16, lineHeight: '24px', fontWeight: 600 }

/** The theme of one tenant: the neutral system, with one accent. `closeLabel` names the cross of a notification. */
export function themeOf(accentColor: string, closeLabel = 'Close') {
  const accent = accentOf(accentColor)
  return createTheme({
    primaryColor: 'accent',
    primaryShade: 6,
    autoContrast: true,
    // Where white text on the colour falls below a contrast of 4.5.
    luminanceThreshold: 0.183,
    colors: { accent: accent.shades, gray: cool, dark: night, red },
    fontFamily: systemFont,
    fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
    fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
    lineHeights: { xs: '16px', sm: '18px', md: '20px', lg: '24px', xl: '28px' },
    spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
    radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '14px' },
    defaultRadius: 'sm',
    headings: {
      fontWeight: '600',
      sizes: {
        h1: { fontSize: '20px', lineHeight: '28px' },
        h2: { fontSize: '16px', lineHeight: '24px' },
        h3: { fontSize: '14px', lineHeight: '20px' },
      },
    },
    shadows: {
      xs: '0 1px 2px rgb(16 20 30 / 6%)',
      sm: 'var(--shadow)',
      md: 'var(--shadow)',
      lg: 'var(--shadow)',
      xl: 'var(--shadow)',
    },
    respectReducedMotion: true,
    components: {
      Tooltip: { defaultProps: { openDelay: 350, withArrow: false } },
      Modal: {
        defaultProps: {
          centered: true,
          radius: 'md',
          transitionProps: { duration: 140 },
          attributes: dialogParts,
        },
        styles: { title: dialogTitle },
      },
      Drawer: {
        defaultProps: { transitionProps: { duration: 160 }, attributes: dialogParts },
        styles: { title: dialogTitle },
      },
      Menu: { defaultProps: { radius: 'md', shadow: 'md', transitionProps: { duration: 120 } } },
      Badge: { defaultProps: { tt: 'none', fw: 500 } },
      Notification: { defaultProps: { closeButtonProps: { 'aria-label': closeLabel } } },
    },
  })
}

/** The variables that our own style sheets use, for both schemes. */
export function variablesOf(accentColor: string): CSSVariablesResolver {
  const accent: Accent = accentOf(accentColor)
  return () => ({
    variables: { '--weft-accent': accent.fill, '--on-accent': accent.onFill },
    light: {
      '--accent-text': accent.textOnLight,
      '--mantine-color-anchor': accent.textOnLight,
      '--mantine-color-dimmed': '#596273',
      '--mantine-color-placeholder': '#6b7484',
    },
    dark: {
      '--accent-text': accent.textOnDark,
      '--mantine-color-anchor': accent.textOnDark,
      '--mantine-color-dimmed': '#a0a9b8',
      '--mantine-color-placeholder': '#8d96a6',
    },
  })
}
