import type { Row } from './table.ts'

export const chinese: readonly Row[] = [
  [
    'investigating',
    '自 13:42 起，德國的客戶以信用卡付款時會看到錯誤訊息。在此期間可以改用銀行轉帳。我們會在 14:15 前再次更新。',
    'who since act next',
    '',
  ],
  ['investigating', '我們已注意到系統異常，將盡快處理。', '', 'who since act next empty empty empty'],
  ['investigating', '部分使用者可能會遇到登入問題。造成不便，敬請見諒。', '', 'who since act next empty empty empty'],
  [
    'investigating',
    '從上午 9 時 10 分左右起，所有人都無法登入。您不需要做任何事。下次更新：9 時 40 分。',
    'who since act next',
    '',
  ],
  [
    'investigating',
    'API 閘道的延遲率與錯誤率升高，原因是資源競爭。',
    '',
    'who since act next jargon jargon jargon empty',
  ],
  [
    'identified',
    '我們找到原因了：與我們合作的兩家銀行之一拒絕歐元區發行的卡片。如果您的付款失敗，請再試一次：不會有人被重複扣款。',
    'who act',
    'next',
  ],
  ['identified', '問題已被識別，修正正在處理中。', '', 'who act next passive passive'],
  [
    'identified',
    '我們在 11:05 做的變更，使基本方案的客戶無法發送訊息。我們正在改回來，大約需要二十分鐘。訊息不必重新發送。30 分鐘內會再說明。',
    'who act next',
    '',
  ],
  ['monitoring', '修補程式已完成部署，我們將持續觀察。', '', 'again act next jargon jargon'],
  [
    'monitoring',
    '信用卡付款已恢復正常。如果您的付款失敗，可以再試一次。我們會繼續觀察，並於一小時內再次說明。',
    'again act next',
    '',
  ],
  ['monitoring', '所有叢集回滾之後，服務已運作正常。您無需採取任何行動。', 'again act', 'next jargon jargon'],
  ['resolved', '問題已獲得解決。', '', 'who since again data passive'],
  [
    'resolved',
    '從 12:31 到 13:18，歐洲的客戶無法匯出報表。匯出功能已恢復。沒有資料遺失或外洩。',
    'who since again data',
    '',
  ],
  [
    'resolved',
    '一切正常。在 2:00 到 2:45 之間，西班牙商店的訂單沒有儲存：遺失了 214 筆訂單，我們正逐一致電這些客戶。',
    'who since again data',
    '',
  ],
  ['resolved', '全部恢復了！！感謝您的耐心！', 'again', 'who since data empty loud'],
  ['update', '銀行已說明 10 月 3 日發生的事，我們的檢討將於星期二發布。', '', ''],
  // The customers' own program is not a customer.
  ['investigating', '客戶端連線失敗。', '', 'who since act next'],
]
