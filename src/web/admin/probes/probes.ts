import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createComponent } from '../../../domain/components/commands.ts'
import { listComponents } from '../../../domain/components/queries.ts'
import { changeProbe, createProbe, pauseProbe, removeProbe, resumeProbe } from '../../../domain/probes/commands.ts'
import { latestChecks } from '../../../domain/probes/checks/checks.ts'
import { minorities } from '../../../domain/places/queries.ts'
import type { Probe } from '../../../domain/probes/probe.ts'
import { type ProbeKindName, kindNames, kindOf } from '../../../domain/probes/kinds/index.ts'
import { mutes } from '../../../domain/probes/muting.ts'
import { listProbes, readProbe } from '../../../domain/probes/queries.ts'
import type { Question } from '../../../domain/probes/question.ts'
import { readNewProbe, readQuestion } from '../../../domain/probes/rules.ts'
import { fieldOf, keptOf, namesOfSecrets } from '../../../domain/probes/secrets.ts'
import { latestState, latestStates } from '../../../domain/probes/verdicts/states.ts'
import { probeVerdicts } from '../../../domain/probes/verdicts/verdicts.ts'
import { later } from '../../../lib/clock.ts'
import { Conflict, Invalid, NotFound, Refusal } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, filled, formOf, refused, statusOf, text } from '../../shared/forms.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { type Done, done } from '../done.ts'
import { findingInWords } from './evidence.ts'
import type { ProbePage, Tested } from '../models.ts'
import { placesOfProbe } from './places.ts'
import { drawnKind } from './probe-fields.ts'
import { carriedIn, unveiled, veiled } from './probe-secrets.ts'
import { assertingOf } from './probe-assertions.ts'
import { consequencesOf, kindIn, readProbeForm, readTestForm, usualValues, valuesOf, noticing } from './probe-form.ts'

/** What is checked, how often, and what follows when it fails. */
export function probeRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/probes', { config: { access: operators('see') } }, async (request, reply) => {
    const states = await latestStates(desk.db)
    const verdicts = await probeVerdicts(desk.db)
    const fewer = await minorities(desk.db)
    const muted = await mutes(desk.db, desk.clock.now())
    const names = new Map((await listComponents(desk.db)).map(({ id, name }) => [id, name]))
    const probes = (await listProbes(desk.db)).map((probe) => {
      const last = states.get(probe.id)?.last ?? null
      const few = fewer.get(probe.id)
      return {
        probe,
        // A newer version may have left a kind that this one does not know.
        kind: kindNames.includes(probe.kind) ? kindOf(probe.kind).label : probe.kind,
        component: names.get(probe.componentId) ?? '…',
        verdict: probe.pausedAt ? ('paused' as const) : (verdicts.get(probe.id)?.state ?? ('unknown' as const)),
        last,
        finding: last ? foundBy(probe, last) : null,
        mute: muted.get(probe.id) ?? null,
        elsewhere: few ? `down from ${few.down} of ${few.of} places` : null,
      }
    })
    return desk.show(request, reply, 'admin/probes/list', { title: 'Probes', model: { probes } })
  })

  formRoutes(face, desk)
  testRoute(face, desk)
  stopRoutes(face, desk)
}

function formRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/probes/new', { config: { access: operators('probe') } }, (request, reply) => {
    const { kind } = request.query as { readonly kind?: unknown }
    if (typeof kind !== 'string') {
      const kinds = kindNames.map((name) => ({ name, label: kindOf(name).label, purpose: kindOf(name).purpose }))
      return desk.show(request, reply, 'admin/probes/kinds', { title: 'What do you want to watch?', model: { kinds } })
    }
    const state = filled(usualValues(kindIn({ kind })))
    return show(request, reply, desk, { probe: null, state, status: 200, tested: null })
  })

  face.post('/probes', { config: { access: operators('probe') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { componentId, wish } = readProbeForm(typedIn(request, desk, given))
        mustHaveWhatItNeeds(desk, kindIn(given))
        const id = await desk.change(signedIn(request).actor, async (it) => {
          const { name } = readNewProbe({ ...wish, componentId: 'new' })
          const of = componentId === '' ? await createComponent(it, { name }) : componentId
          return createProbe(it, { ...wish, componentId: of })
        })
        // What calls us needs to be told where.
        return done(kindOf(wish.kind).connects === 'no' ? `/admin/probes/${id}/heartbeat` : '/admin/probes', 'created')
      },
      (state, status) =>
        show(request, reply, desk, { probe: null, state: again(request, desk, state), status, tested: null }),
    ),
  )

  face.get('/probes/:id', { config: { access: operators('probe') } }, async (request, reply) => {
    const probe = await readProbe(desk.db, idOf(request))
    return show(request, reply, desk, { probe, state: filled(valuesOf(probe)), status: 200, tested: null })
  })

  face.post('/probes/:id', { config: { access: operators('probe') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { wish } = readProbeForm(typedIn(request, desk, given))
        mustHaveWhatItNeeds(desk, kindIn(given))
        await desk.change(signedIn(request).actor, (it) => changeProbe(it, idOf(request), wish))
        return done('/admin/probes', 'changed')
      },
      async (state, status) => {
        const probe = await readProbe(desk.db, idOf(request))
        return show(request, reply, desk, { probe, state: again(request, desk, state), status, tested: null })
      },
    ),
  )
}

/** Runs what the form says once, saves nothing, and shows the form again with what was found. */
function testRoute(face: FastifyInstance, desk: Desk): void {
  face.post('/probes/test', { config: { access: operators('probe') } }, async (request, reply) => {
    const form = formOf(request.body)
    const id = (request.query as { readonly probe?: unknown }).probe
    const probe = typeof id === 'string' ? await readProbe(desk.db, id) : null
    try {
      const kept = probe ? await keptOf(desk.db, desk.vault, probe) : null
      const asked = readQuestion(readTestForm(typedIn(request, desk, form)), kept)
      if (kindOf(asked.kind).connects === 'no')
        throw new Invalid('There is nothing to ask: this probe waits for a call.')
      const prober = desk.prober()
      if (!prober) throw new Conflict('The prober does not run in this process: test again in a moment.')
      const found = await prober.testNow(asked)
      const tested = { found, finding: findingInWords(found), verifies: verifies(asked) }
      // What it would lead to is told as it usually is, where the form does not say.
      const { values } = again(request, desk, filled(form))
      const state = filled({ ...consequencesOf(kindIn(form)), ...values })
      return await show(request, reply, desk, { probe, state, status: 200, tested })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const state = again(request, desk, refused(form, error))
      return show(request, reply, desk, { probe, state, status: statusOf(error), tested: null })
    }
  })
}

function stopRoutes(face: FastifyInstance, desk: Desk): void {
  const verbs = {
    pause: [pauseProbe, 'paused'],
    resume: [resumeProbe, 'resumed'],
    remove: [removeProbe, 'removed'],
  } as const
  for (const [verb, [command, what]] of Object.entries(verbs) as [string, readonly [typeof pauseProbe, Done]][]) {
    face.post(`/probes/:id/${verb}`, { config: { access: operators('probe') } }, async (request, reply) => {
      await desk.change(signedIn(request).actor, (it) => command(it, idOf(request)))
      return reply.redirect(done('/admin/probes', what), 303)
    })
  }
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { probe, state, status, tested }: { probe: Probe | null; state: FormState; status: number; tested: Tested | null },
): Promise<FastifyReply> {
  const components = (await listComponents(desk.db)).map(({ id, name }) => ({ value: id, label: name }))
  const kind = drawnKind(kindIn(state.values))
  const places = probe ? await placesOfProbe(desk, probe) : null
  const model: ProbePage = {
    probe,
    kind,
    state,
    secrets: new Map([
      ...(probe && probe.kind === kind.name ? await namesOfSecrets(desk.db, probe.id) : []).map(
        (name) => [fieldOf(name), 'kept'] as const,
      ),
      ...carriedIn(desk.vault, signedIn(request).account.id, state.values).map(
        (name) => [fieldOf(name), 'typed'] as const,
      ),
    ]),
    components: [{ value: '', label: 'A new system, named after the probe' }, ...components],
    asserting: assertingOf(state.values),
    noticing: noticing(state.values, places?.filter(({ isChosen }) => isChosen).length ?? 1),
    parents: parentsFor(await listProbes(desk.db), probe, state),
    tested,
    places,
    lacks: lackOf(desk, kind.name),
    checks: probe ? await checksOf(desk, probe) : [],
  }
  return desk.show(request, reply, 'admin/probes/edit', { title: probe?.name ?? model.kind.label, model, status })
}

/** One of the others, or the several that it was given in another way. */
function parentsFor(probes: readonly Probe[], probe: Probe | null, { values }: FormState): ProbePage['parents'] {
  const given = text(values, 'dependsOn')
  const others = probes.filter(({ id }) => id !== probe?.id).map(({ id, name }) => ({ value: id, label: name }))
  const several = given !== '' && !others.some(({ value }) => value === given)
  const names = others.filter(({ value }) => given.split(/[\s,]+/).includes(value)).map(({ label }) => label)
  return [
    { value: '', label: 'Nothing else' },
    ...(several ? [{ value: given, label: names.join(', ') }] : []),
    ...others,
  ]
}

async function checksOf({ db, clock }: Desk, probe: Probe): Promise<ProbePage['checks']> {
  const state = await latestState(db, probe.id)
  const checks = await latestChecks(db, probe.id, later(clock.now(), -7200), 10)
  return checks.map((check) => {
    // Rows by the million carry no reason; of the last check it is known.
    const last = state?.last?.at.slice(0, 19) === check.at.slice(0, 19) ? state.last : check
    return { at: check.at, outcome: check.outcome, finding: foundBy(probe, last) }
  })
}

function typedIn(request: FastifyRequest, { vault }: Desk, form: Form): Form {
  return unveiled(vault, signedIn(request).account.id, form)
}

/** The form as it is shown again, which never shows a secret again. */
function again(request: FastifyRequest, desk: Desk, { fault }: FormState): FormState {
  const values = veiled(desk.vault, signedIn(request).account.id, typedIn(request, desk, formOf(request.body)))
  return { values, fault }
}

/** What this machine lacks for such a probe, in a sentence. */
function lackOf({ config }: Desk, kind: ProbeKindName): string | null {
  return kindOf(kind).needs === 'chromium' && config.chromium === null
    ? 'There is no browser here to visit with. Whoever runs Candor can name one: see CANDOR_CHROMIUM.'
    : null
}

/** A probe that could never measure anything would look like one that watches. */
function mustHaveWhatItNeeds(desk: Desk, kind: ProbeKindName): void {
  const lack = lackOf(desk, kind)
  if (lack !== null) throw new Invalid(lack, 'url')
}

/** Whoever calls has not answered. */
function foundBy({ kind }: Probe, check: Parameters<typeof findingInWords>[0]): string {
  return kind === 'heartbeat' && check.outcome === 'pass' ? 'it called' : findingInWords(check)
}

/** Whether the probe minds a certificate that nobody trusts. */
function verifies({ spec }: Question): 'yes' | 'no' {
  return 'verifyTls' in spec && spec.verifyTls === 'no' ? 'no' : 'yes'
}

function idOf(request: FastifyRequest): string {
  const { id } = request.params as { id?: string }
  if (id === undefined) throw new NotFound('There is no such probe.')
  return id
}
