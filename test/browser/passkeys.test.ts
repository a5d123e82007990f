import type { BrowserContext, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { emailOf, password, people } from '../people.ts'
import { world } from '../world.ts'
import { freePort } from '../free-port.ts'
import { axeFinds } from './axe.ts'
import { running, signIn, withChromium } from './desk.ts'

withChromium()

/** Passkeys are bound to the address of the page, so it has to be known before the page is there. */
async function site() {
  const port = await freePort()
  const baseURL = `http://localhost:${port}`
  const it = await world({ CANDOR_URL: baseURL })
  await people(it)
  const { open } = await running(it, port)
  return { it, open: () => open({ baseURL }) }
}

/** A device with a finger that is always there. It is gone when another session of the tools ends, so axe comes last. */
async function plugIn(context: BrowserContext, page: Page) {
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    verifies: (isUserVerified: boolean) =>
      devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  }
}

test('a passkey is added in a browser, opens the desk alone, and is the second step after the password', async () => {
  const { open } = await site()
  const { page, context, complaints } = await open()
  const device = await plugIn(context, page)
  await signIn(page)
  await page.goto('/admin/me/security')
  await page.getByRole('link', { name: 'Add a passkey' }).click()
  await page.getByLabel('What you call it').fill('My laptop')
  await page.getByRole('button', { name: 'Add it' }).click()
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download as text' }).click()
  expect((await download).suggestedFilename()).toBe('recovery-codes.txt')
  await page.getByRole('link', { name: 'I have kept them' }).click()
  await page.getByRole('link', { name: 'Rename My laptop' }).waitFor()

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('heading', { name: 'Now' }).waitFor()

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByLabel('E-mail').fill(emailOf('Ben'))
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  await page.getByRole('button', { name: 'Use your passkey' }).click()
  await page.getByRole('heading', { name: 'Now' }).waitFor()

  // A finger that is not known opens nothing, and the page says so.
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await device.verifies(false)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByText('Nothing was done').waitFor()
  expect(await axeFinds(page)).toEqual([])
  expect(complaints.filter((complaint) => !complaint.startsWith('asked http://localhost'))).toEqual([])
})

test('what matters asks for the passkey after ten minutes, keeps what was typed, and goes on', async () => {
  const { it, open } = await site()
  const { page, context } = await open()
  await plugIn(context, page)
  await signIn(page)
  await page.goto('/admin/me/security/passkeys/new')
  await page.getByRole('button', { name: 'Add it' }).click()
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  it.clock.advance('11m')
  await page.goto('/admin/me')
  await page.getByLabel('E-mail').fill('ben@example.com')
  await page.getByRole('button', { name: 'Save the e-mail' }).click()
  await page.getByRole('heading', { name: 'Is it you?' }).waitFor()
  await page.getByRole('button', { name: 'Use your passkey' }).click()
  await page.getByText('Saved.').waitFor()
  expect(await page.getByLabel('E-mail').inputValue()).toBe('ben@example.com')
  expect(await axeFinds(page)).toEqual([])

  // The pages on the way, as they stand without a device.
  for (const path of ['/admin/me/security', '/admin/me/security/passkeys/new']) {
    await page.goto(path)
    expect(await axeFinds(page)).toEqual([])
  }
  await page.goto('/admin/me/security')
  await page.getByRole('button', { name: 'Set up an app' }).click()
  await page.getByText('Or type this into it').waitFor()
  expect(await axeFinds(page)).toEqual([])
  await page.goto('/admin/me/security')
  await page.getByRole('button', { name: 'Make ten new ones' }).click()
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  expect(await axeFinds(page)).toEqual([])
  it.clock.advance('11m')
  await page.goto('/admin/me/security/passkeys/new')
  await page.getByRole('heading', { name: 'Is it you?' }).waitFor()
  expect(await axeFinds(page)).toEqual([])
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByLabel('E-mail').fill('ben@example.com')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  expect(await axeFinds(page)).toEqual([])
})
