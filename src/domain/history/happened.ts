/** Everything that happens to an incident or a maintenance, or to what suffers from them: what pages of the past say. */
export const happened = ['incident', 'update', 'impact', 'review', 'action', 'maintenance', 'component', 'probe']
