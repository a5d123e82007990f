import type { Row } from './table.ts'

export const english: readonly Row[] = [
  [
    'investigating',
    'Since 13:42, customers in Germany see an error when they pay by card. You can pay by bank transfer meanwhile. We will write again by 14:15.',
    'who since act next',
    '',
  ],
  ['investigating', 'We are aware of an issue and are looking into it.', '', 'who since act next empty'],
  [
    'investigating',
    'Some users may experience issues logging in. We apologize for any inconvenience and thank you for your patience.',
    '',
    'who since act next empty empty empty',
  ],
  [
    'investigating',
    'Nobody can sign in since about 9:10 am. There is nothing you need to do. Next update by 9:40 am.',
    'who since act next',
    '',
  ],
  [
    'investigating',
    'Elevated error rates and increased latency on the API gateway due to resource contention.',
    '',
    'who since act next jargon jargon jargon empty',
  ],
  [
    'identified',
    'We have found the cause: one of our two card processors rejects payments from cards issued in the euro area. **If a payment failed, try again: nobody is charged twice.**',
    'who act',
    'next jargon',
  ],
  ['identified', 'The issue has been identified and a fix is being implemented.', '', 'who act next passive passive'],
  [
    'identified',
    'A change that we made at 11:05 stops messages to customers on the Basic plan. We are taking it back, which takes about 20 minutes. Please wait until then: messages are kept. More by noon.',
    'who act next',
    '',
  ],
  ['monitoring', 'A fix has been deployed and we are monitoring the results.', '', 'again act next jargon passive'],
  [
    'monitoring',
    'Card payments work again. If yours failed, please try again now. We keep watching and will write again within an hour.',
    'again act next',
    '',
  ],
  [
    'monitoring',
    'We rolled back the deployment on all clusters and traffic has recovered. No action is needed on your side. We will confirm at 16:00 that it holds; next update then.',
    'again act next',
    'jargon jargon jargon',
  ],
  ['resolved', 'This incident has been resolved.', '', 'who since again data passive'],
  [
    'resolved',
    'From 12:31 to 13:18 customers in Europe could not export reports. Exports work as usual again. No data was lost or exposed.',
    'who since again data',
    '',
  ],
  [
    'resolved',
    'Everything works again. Between 02:00 and 02:45, orders from our shops in Spain were not saved: 214 orders are lost, and we are calling each of these customers.',
    'who since again data',
    '',
  ],
  [
    'resolved',
    'ALL SYSTEMS ARE OPERATIONAL!! Thank you for your understanding!',
    '',
    'who since again data empty loud',
  ],
  ['update', 'The supplier confirmed what happened on 3 October; our review follows on Tuesday.', '', ''],
  [
    'investigating',
    "We're seeing that people who don't use the app can't log in via https://example.com/customers/by/14:30. It began at 7 pm; you don't need to reset your password. We will tell you more at 8 pm.",
    'who since act next',
    '',
  ],
]
