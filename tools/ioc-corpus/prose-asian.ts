import { MD5, type Row, SHA256 } from './case';

export const japanese: Row[] = [
  ['不正なドメインbaddomain.comへの通信を検知しました。', 'domain baddomain.com'],
  ['baddomain.com。アクセスしないでください。', 'domain baddomain.com'],
  ['http://baddomain.com/login.phpにアクセスすると感染します', 'url http://baddomain.com/login.php'],
  ['「https://baddomain.com/a」をクリックしないこと', 'url https://baddomain.com/a'],
  ['C2サーバ（45.77.12.34）および「evil-site.net」', 'ip 45.77.12.34', 'domain evil-site.net'],
  ['URL：https://baddomain.com/x、ハッシュ値：' + MD5, 'url https://baddomain.com/x', 'file ' + MD5],
  ['送信元IPアドレスは45.77.12.34です。', 'ip 45.77.12.34'],
  ['SHA256は' + SHA256 + 'です', 'file ' + SHA256],
  ['詳細はhxxps://baddomain[.]com/を参照', 'url https://baddomain.com/'],
  ['例え.テスト と 悪い.jp', 'domain xn--n8j107l.jp'],
  ['宛先はtaro@baddomain.comです'],
  ['添付ファイルの請求書.zipを開かないでください'],
  ['バージョン1.2.3.4を使用しています'],
  ['設定ファイルはconfig.jsonとREADME.mdです'],
  ['２０２４．０３．０１に更新しました。'],
  ['第1.2.3.4節を参照してください'],
  ['影響を受けるのは 9.1.18.3(以前) です'],
];

export const chinese: Row[] = [
  ['恶意域名baddomain.com已被封锁。', 'domain baddomain.com'],
  ['请勿访问http://baddomain.com/a.exe，谢谢', 'url http://baddomain.com/a.exe'],
  ['样本MD5：' + MD5 + '，C2地址：45.77.12.34:8080', 'file ' + MD5, 'ip 45.77.12.34'],
  ['该木马连接evil-site.cn和baddomain.net。', 'domain evil-site.cn', 'domain baddomain.net'],
  ['钓鱼网站：https://baddomain.com/登录', 'url https://baddomain.com/登录'],
  ['域名evil.zip由攻击者注册', 'domain evil.zip'],
  ['中文.中国 是一个域名', 'domain xn--fiq228c.xn--fiqs8s'],
  ['附件为发票.pdf和压缩包data.zip'],
  ['版本1.2.3.4已发布，详见第3.2.1.1节'],
  ['联系邮箱：admin@baddomain.com'],
  ['运行main.py或install.sh即可'],
];

export const korean: Row[] = [
  ['악성 도메인 baddomain.com에서 다운로드', 'domain baddomain.com'],
  ['공격자 IP는 45.77.12.34입니다', 'ip 45.77.12.34'],
  ['https://baddomain.com/a.php로 접속', 'url https://baddomain.com/a.php'],
  ['첨부파일 견적서.zip을 열지 마세요'],
  ['버전 1.2.3.4로 업데이트'],
];
