import classes from './ui.module.css'

/** The tenant's logo, or the first letter of its name on its colour. */
export function Logo({ url, name, size }: { url: string | null; name: string; size: number }) {
  if (url) return <img src={url} alt="" width={size} height={size} className={classes.logoImage} />
  return (
    <span className={classes.logo} style={{ width: size, height: size, fontSize: size * 0.5 }} aria-hidden>
      {name.charAt(0).toUpperCase()}
    </span>
  )
}
