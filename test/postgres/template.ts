/** The migrated database of which every test gets a copy. */
export const template = 'candor_template'
