import '@fastify/view'
import type { FastifyInstance } from 'fastify'
import { breath } from '../../lib/breath.ts'

/**
 * Renders a template of `views/` with the model it is made for. Each face lists its templates and their models in an
 * interface of its own (`PublicViews`, `AdminViews`), so a wrong model does not compile.
 */
export type Render<Views> = <Name extends keyof Views & string>(name: Name, model: Views[Name]) => Promise<string>

export function renderer<Views>(app: FastifyInstance): Render<Views> {
  return async (name, model) => {
    // The model has just been made: who reads meanwhile does not wait for the other half too.
    await breath()
    return String(await app.view(name, model as object))
  }
}
