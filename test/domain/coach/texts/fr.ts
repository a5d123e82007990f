import type { Row } from './table.ts'

export const french: readonly Row[] = [
  [
    'investigating',
    'Depuis 13 h 42, les clients en Allemagne voient une erreur lorsqu’ils paient par carte. En attendant, vous pouvez payer par virement. Nous écrirons de nouveau avant 14 h 15.',
    'who since act next',
    '',
  ],
  [
    'investigating',
    'Nous avons connaissance d’un problème technique et nos équipes sont mobilisées.',
    '',
    'who since act next empty empty empty',
  ],
  [
    'investigating',
    'Certains utilisateurs peuvent rencontrer des difficultés à se connecter. Veuillez nous excuser pour la gêne occasionnée.',
    '',
    'who since act next empty empty empty',
  ],
  [
    'investigating',
    "Personne ne peut se connecter depuis 9h10 environ. Vous n'avez rien à faire. Prochain message avant 9h40.",
    'who since act next',
    '',
  ],
  [
    'investigating',
    'Latence élevée et taux d’erreurs en hausse sur la passerelle d’API.',
    '',
    'who since act next jargon jargon jargon',
  ],
  [
    'identified',
    'Nous avons trouvé la cause : l’une des deux banques avec lesquelles nous travaillons refuse les cartes de la zone euro. Si votre paiement a échoué, réessayez : personne n’est débité deux fois.',
    'who act',
    'next',
  ],
  [
    'identified',
    'Le problème a été identifié et un correctif est en cours de déploiement.',
    '',
    'who act next passive passive jargon',
  ],
  [
    'identified',
    'Une modification que nous avons faite à 11 h 05 bloque les messages des clients de l’offre Essentielle. Nous l’annulons, ce qui prend vingt minutes. Inutile de renvoyer vos messages. Nous ferons le point d’ici midi.',
    'who act next',
    '',
  ],
  ['monitoring', 'Un correctif a été déployé ; nous surveillons la situation.', '', 'again act next passive jargon'],
  [
    'monitoring',
    'Les paiements par carte fonctionnent de nouveau. Si le vôtre a échoué, vous pouvez réessayer. Nous surveillons et donnerons des nouvelles dans une heure.',
    'again act next',
    '',
  ],
  [
    'monitoring',
    'Après un rollback sur tous les clusters, le service est revenu à la normale. Aucune action n’est nécessaire de votre part.',
    'again act',
    'next jargon jargon',
  ],
  ['resolved', 'L’incident a été résolu.', 'again', 'who since data passive'],
  [
    'resolved',
    'De 12 h 31 à 13 h 18, les clients en Europe n’ont pas pu exporter leurs rapports. Les exports fonctionnent comme d’habitude. Aucune donnée n’a été perdue ni divulguée.',
    'who since again data',
    '',
  ],
  [
    'resolved',
    'Tout fonctionne de nouveau. Entre 2 h et 2 h 45, les commandes de nos boutiques en Espagne n’ont pas été enregistrées : 214 commandes sont perdues, et nous appelons chacun de ces clients.',
    'who since again data',
    '',
  ],
  ['resolved', 'TOUT EST RÉTABLI POUR TOUS !! Merci de votre compréhension !', 'who again', 'since data empty loud'],
  ['update', 'La banque a confirmé ce qui s’est passé le 3 octobre ; notre bilan suivra mardi.', '', ''],
]
