import type { Head } from '../src/domain/reviews/review.ts'

/** What is written when all is over: a review for each story that owes one, with what it promises. */
export interface LookingBack {
  readonly heads: Readonly<Record<Head, string>>
  /** The second one takes longer than a month. */
  readonly actions: readonly [string, string]
}

export const reviews: Readonly<Record<string, LookingBack>> = {
  'Some card payments in Europe fail': {
    heads: {
      saw: 'About one in six payments with cards issued in the euro area was refused for 40 minutes. A second try went through for most.',
      happened:
        'One of our two card processors changed its list of accepted card numbers, and left out those of eleven banks.',
      why: 'We send every card to the processor that was fastest in the last hour, and never asked whether it accepts the card.',
      duration:
        'For 19 minutes we looked for the fault in our own last change, because it had come a quarter of an hour before.',
      data: 'No data was lost, and nobody was charged twice.',
      done: 'Cards that one processor refuses are sent to the other one at once.',
      next: 'We will hear of refusals by bank within two minutes, and practise moving all traffic every month.',
    },
    actions: ['Watch refusals by bank', 'Practise moving all traffic, every month'],
  },
  'Nobody can sign in to the dashboard': {
    heads: {
      saw: 'Signing in to the dashboard and to the app failed for everybody, for about 20 minutes. Payments went on.',
      happened: 'A certificate between two of our own services ran out.',
      why: 'It is renewed by a program that had been stopped for a repair and not started again.',
      duration: 'The message in our logs spoke of a connection, not of a certificate.',
      data: 'No data was lost or exposed.',
      done: 'The certificate is renewed, and the program runs.',
      next: 'Each certificate of ours will be watched from outside, two weeks before it runs out.',
    },
    actions: ['Watch every certificate of ours from outside', 'Say in the log which certificate it is'],
  },
  'Payouts of today will arrive a day later': {
    heads: {
      saw: 'Payouts that were due that day arrived one working day later.',
      happened: 'Our partner bank closed for files an hour earlier than usual, on the day before a holiday.',
      why: 'Its calendar came by mail, and we had not entered the day.',
      duration: 'A bank takes one file a day: there was nothing to repair before the next morning.',
      data: 'No data was lost, and all money arrived.',
      done: 'The calendars of all partner banks are entered until the end of the year.',
      next: 'Our program will read these calendars itself, and files will go two hours before a bank closes.',
    },
    actions: ['Send files two hours before a bank closes', 'Read the calendars of banks by program'],
  },
  'Card readers lose their connection': {
    heads: {
      saw: 'Card readers in Portugal and Spain lost their connection every few minutes. On Wi-Fi they worked.',
      happened: 'A mobile network that our readers use had a fault for an hour and a half.',
      why: 'Readers know one network in each country, and wait for it.',
      duration: 'The network is not ours. We could only say how to do without it.',
      data: 'Payments that were taken offline have all been collected.',
      done: 'The network has repaired its fault and told us the cause.',
      next: 'Readers will change to a second network by themselves.',
    },
    actions: ['Show on the reader how to change to Wi-Fi', 'A second mobile network in each country'],
  },
  'Receipts are not sent': {
    heads: {
      saw: 'Receipts by mail were not sent for about an hour. All of them came later.',
      happened: 'Our mail servers refused to send, because their queue was full.',
      why: 'A shop sent two million newsletters through an address that is meant for receipts.',
      duration: 'We first made room in the queue, which the newsletters filled again.',
      data: 'No receipt was lost, and no address was shown to anybody.',
      done: 'Newsletters and receipts have queues of their own.',
      next: 'A shop will be stopped at ten thousand mails an hour, and be told why.',
    },
    actions: ['Stop a shop at ten thousand mails an hour', 'Tell shops beforehand how much they may send'],
  },
}
