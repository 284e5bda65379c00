import { MD5, MD5_2, type Row, SHA1, SHA256 } from './case';

const URL = 'url http://bad.site/x';

/** Tables without a head, with an unusual one, and rows that name the kind. */
export const listsOfIndicators: Row[] = [
  ['http://bad.site/x,url,2026-01-03', URL],
  ['http://bad.site/x;url;2026-01-03', URL],
  ['http://bad.site/x\turl\t2026-01-03', URL],
  ['"http://bad.site/x","url","2026-01-03"', URL],
  ["'http://bad.site/x';'url';'2026-01-03'", URL],
  ['http://bad.site/x,2026-01-03', URL],
  ['2026-01-03,http://bad.site/x,' + SHA256, URL, 'file ' + SHA256],
  ['http://bad.site/x,url\nhttp://bad.site/y,url\n', URL, 'url http://bad.site/y'],
  ['http://bad.site/x,high,Mirai\nhttp://bad.site/y,low,Mozi', URL, 'url http://bad.site/y'],
  ['http://bad.site/x;12;a\r\nhttp://bad.site/y;7;b\r\n', URL, 'url http://bad.site/y'],
  [
    'indicator,type,date\nhttp://bad.site/x,url,2026-01-03\nt.890x.sh,domain,2026-01-04',
    URL,
    'domain t.890x.sh',
  ],
  ['ioc,first_seen\nhttp://bad.site/x,2026-01-03', URL],
  ['value\tkind\nhttp://bad.site/x\turl\nbad.zip\tdomain\nbad.sh\tfilename', URL, 'domain bad.zip'],
  ['Observable;Type;Comment\n"http://bad.site/x";"URL";"a, b; c"\n45.77.12.34;IPv4;x', URL, 'ip 45.77.12.34'],
  [
    'Indicator Type,Indicator\nFileHash-MD5,' + MD5 + '\nFileHash-IMPHASH,' + MD5_2 + '\nhostname,a.bad.zip',
    'file ' + MD5,
    'file ' + MD5_2,
    'domain a.bad.zip',
  ],
  ['type,value\nimphash,' + MD5 + '\nja3,' + MD5_2 + '\nsha1,' + SHA1, 'file ' + SHA1],
  [
    'Indicator_type,Data,Note\ndomain,t.890x.sh,\nfilename,patch.sh,x\nfile_path,/tmp/a.sh,\nurl,hxxp://bad[.]site/x,',
    'domain t.890x.sh',
    URL,
  ],
  ['domain,t.890x.sh\ndomain,u.890x.sh\nfilename,patch.sh', 'domain t.890x.sh', 'domain u.890x.sh'],
  ['t.890x.sh,domain,Fake app\npatch.sh,filename,x', 'domain t.890x.sh'],
  [
    'a1.exe,file,audio recorder module\ncoral-dragon.glitch.me,hostname,related',
    'domain coral-dragon.glitch.me',
  ],
  ['foo,bar\nhttp://bad.site/x,2\nhttp://bad.site/y,3', URL, 'url http://bad.site/y'],
  [
    '# a feed\n# "id","ioc","type"\n"7","http://bad.site/x","url"\n"8","bad.zip","domain"',
    URL,
    'domain bad.zip',
  ],
  [
    '# a feed of 2026, by us\n#\nhttp://bad.site/x,url,2026-01-03\nhttp://bad.site/y,url,2026-01-03',
    URL,
    'url http://bad.site/y',
  ],
  ['url,tags\nhttp://bad.site/a,b.php,exe\nhttp://bad.site/x,elf', 'url http://bad.site/a,b.php', URL],
  ['|http://bad.site/x|url|\n|bad.zip|domain|', URL, 'domain bad.zip'],
  // and what is no table
  ['http://bad.site/a,b.html', 'url http://bad.site/a,b.html'],
  ['http://bad.site/0,1518,612345,00.html', 'url http://bad.site/0,1518,612345,00.html'],
  [
    'http://bad.site/x?a=1,2\nhttp://bad.site/y?a=3',
    'url http://bad.site/x?a=1,2',
    'url http://bad.site/y?a=3',
  ],
  ['Hello Jane, the server bad.site is down, see http://bad.site/x', 'domain bad.site', URL],
  ['name,version\nopenssl,1.1.1.7\nzlib,1.2.13.1'],
];
