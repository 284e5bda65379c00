import type { Words } from './words';

/** The words of a summary in Japanese. */
export const JA: Words = {
  verdict: {
    malicious: '悪性',
    trusted: '信頼',
    'no-match': '該当なし',
    missing: 'レポートなし',
    error: 'レポートエラー',
  },
  kind: { file: 'ファイル', url: 'URL', domain: 'ドメイン', ip: 'IPアドレス' },
  column: { verdict: '判定', detections: '検出', indicator: 'インジケーター', details: '詳細' },
  count: '{name}: {count}',
  scanned: 'スキャン: {age}',
  namesAndMore: '{names} ほか{count}件',
  unknown: 'VirusTotalに情報がありません',
  more: { other: 'ほか{count}件のインジケーター' },
  incompleteOf: '未完了: {expected}件中{arrived}件の結果が届いています。',
  incomplete: '未完了: 届いていない結果があります。',
  notArrived: '結果が届いていません',
  nothing: '照会したインジケーターはありません。',
  notLookedUp: '照会しなかったもの',
  toDo: '対処方法',
  report: 'VirusTotalで開く',
  skipped: {
    allowList: '除外リストに登録済み',
    privateAddress: 'プライベートアドレス',
    internalName: '内部の名前',
    documentation: '文書用のアドレス',
  },
  advice: {
    VT_CONFIG: 'メッセージが示す設定を修正してデプロイしてください。',
    VT_INVALID_IOC: '値を確認してください。指定された種類のインジケーターではありません。',
    VT_AUTH: 'VirusTotalがAPIキーを拒否しました。設定の「テスト」を押してください。',
    VT_FORBIDDEN: 'この照会にはプレミアムキーが必要です。',
    VT_QUOTA: 'クォータを使い切りました。リセット後に再度照会してください。',
    VT_TIMEOUT: '時間内に応答がありません。後で再度照会してください。',
    VT_NETWORK: 'VirusTotalに接続できません。ネットワーク、プロキシ、TLSを確認してください。',
    VT_SERVER: 'VirusTotal側の障害です。後で再度照会してください。',
    VT_BAD_RESPONSE:
      '応答がレポートではありません。プロキシやログインページが介在していないか確認してください。',
    VT_QUEUE_FULL: '待機中のメッセージが多すぎます。送信を減らすか、上限を上げてください。',
    VT_CLOSED: 'リセットまたはデプロイで破棄されました。再度送信してください。',
    VT_REQUEST: 'VirusTotalが要求を拒否しました。理由はメッセージにあります。',
    'still-queued': 'スキャンが完了していません。数分後に再度照会してください。',
    other: 'メッセージを確認し、再度照会してください。',
  },
};
