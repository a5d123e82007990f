import { type ConfigData, HtmlValidate, type ResolvedConfig, StaticConfigLoader } from 'html-validate'

/** Judges HTML by these rules. The library puts them and what it knows of elements together for each document; this, once. */
export function htmlValidator(rules: ConfigData): HtmlValidate {
  return new HtmlValidate(new KeptConfigLoader(rules))
}

class KeptConfigLoader extends StaticConfigLoader {
  #kept: ReturnType<StaticConfigLoader['getConfigFor']> | null = null

  override getConfigFor(handle: string, besides?: ConfigData): ResolvedConfig | Promise<ResolvedConfig> {
    return besides ? super.getConfigFor(handle, besides) : (this.#kept ??= super.getConfigFor(handle))
  }
}
