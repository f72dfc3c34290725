// Everything that the page says, in Japanese and English.

export const TEXTS = {
  title: ["資格証明書の確認", "Check a certificate"],
  language: ["English", "日本語"],
  intro: [
    "資格証明書の二次元コードを読み取り、有効かどうかを確かめます。確認はこの端末の中だけで行い、証明書の内容はどこにも送信しません。",
    "Read the QR code of a certificate to see whether it is valid. It is checked on this device alone: nothing of it is sent anywhere.",
  ],
  camera: ["カメラで読み取る", "Read with the camera"],
  stop: ["カメラを止める", "Stop the camera"],
  aim: ["二次元コード全体を枠に入れてください。", "Hold the whole QR code in the frame."],
  file: ["画像を選ぶ", "Choose a picture"],
  paste: ["リンクを貼り付ける", "Paste the link"],
  check: ["確認する", "Check"],
  noCamera: [
    "カメラを使えません。ブラウザーの許可を確かめるか、画像を選んでください。",
    "The camera cannot be used: allow it in your browser, or choose a picture.",
  ],
  noCode: [
    "二次元コードが見つかりません。明るい場所で、全体が写るように撮り直してください。",
    "There is no QR code to be found. Take the picture again, in good light and with the whole code in it.",
  ],
  empty: ["リンクを貼り付けてください。", "Paste the link first."],
  working: ["確認しています…", "Checking…"],
  failed: ["確認できませんでした。ページを再読み込みしてください。", "It could not be checked. Reload the page."],
  photo: [
    "本人確認書類の写真と見比べてください。氏名と生年月日も、書類と一致することを確かめてください。",
    "Compare with the photo ID: the face, and the name and date of birth where they are shown.",
  ],
  asOf: ["失効情報の時点", "Status as of"],
  until: ["有効期限", "Valid until"],
  profession: ["資格", "Profession"],
  type: ["証明書の種類", "Type of certificate"],
  issuer: ["発行者", "Issuer"],
  offline: ["オフラインです。保存した情報で確認します。", "Offline: what was kept is used."],
  kept: ["失効情報と信頼リストの取得", "Status and trust lists fetched"],
  none: ["失効情報をまだ取得していません。", "No status lists have been fetched yet."],
  unchecked: [
    "有効とも無効とも言えません。この結果だけで判断しないでください。",
    "This says neither valid nor invalid. Do not decide by it alone.",
  ],
};

export const VERDICTS = {
  valid: ["有効です", "Valid"],
  invalid: ["無効です", "Not valid"],
  unknown: ["確認できません", "Cannot be confirmed"],
};

const FORGED = ["この証明書は改ざんされたか、信頼できる発行者のものではありません。", "This certificate was altered, or no trusted issuer made it."];
const BROKEN = ["資格証明書として読み取れません。", "This is not a certificate that can be read."];
const NO_STATUS = ["失効情報を確認できません。時間をおいて確認してください。", "The status lists cannot be relied on just now. Try again later."];
const KEY_OVER = ["発行者の署名鍵が失効しています。", "The issuer's signing key is not believed any more."];

const REASONS = {
  expired: ["有効期限が切れています。", "It has expired."],
  revoked: ["失効しています（取消し・抹消など）。", "It was revoked: the licence stands no more, or the certificate was replaced."],
  suspended: ["業務停止などのため、効力が停止しています。", "It is suspended."],
  not_yet_valid: ["有効期間がまだ始まっていません。端末の日時も確かめてください。", "It is not valid yet. Look at this device's clock too."],
  malformed: BROKEN,
  too_large: BROKEN,
  claim_missing: BROKEN,
  algorithm: FORGED,
  signature: FORGED,
  key_unknown: FORGED,
  issuer: FORGED,
  type_foreign: FORGED,
  chain_untrusted: FORGED,
  chain_purpose: FORGED,
  chain_expired: KEY_OVER,
  chain_revoked: KEY_OVER,
  crl_old: ["署名鍵の失効リストが古いため、確認できません。", "The revocation list of signing keys is too old."],
  status_age: [
    "保存した失効情報が古すぎます。インターネットに接続して確認してください。",
    "The status list that was kept is too old. Connect to the internet and check again.",
  ],
  status_unreachable: [
    "失効情報がありません。インターネットに接続して確認してください。",
    "There is no status list here. Connect to the internet and check again.",
  ],
  trust_old: [
    "保存した信頼リストが古すぎます。インターネットに接続してください。",
    "The trust list that was kept is too old. Connect to the internet.",
  ],
  trust_unreachable: [
    "信頼リストをまだ取得していません。インターネットに接続してください。",
    "There is no trust list yet. Connect to the internet.",
  ],
};

/** The sentence for a reason. */
export function reasonText(reason) {
  return REASONS[reason] ?? NO_STATUS;
}
