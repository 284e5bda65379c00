/**
 * Words in the names of engines that name no family: platforms, file types, classes, behaviors, packers, and what a scanner says where it
 * has no name. From AVClass's taxonomy and tagging rules (malicialab/avclass, MIT), and what VirusTotal's own lists have beside it.
 */
const WORDS = new Set(
  (
    'abuse acad access acronis activex adclicker addisplay addrop adinstaller adlibrary adload adnroidos adodb adostream adplugin ' +
    'advml adware adwaresig agen agent agentbypass aimesu alertuser alfdoor alisp amtso amtsotestfile andr android androidos anicmoo ' +
    'anifile antiav antidote antifw apk apkprotector appl application applicunsaf applicunwnt apprisk apt archsms armadillo artemis ' +
    'aspack asprotect asroot asyncwake attention attribute autohk autohotkey autoit autorun autoruninf avkill backdoor backdr badjoke ' +
    'badmacro badur bankbot banker barys based bckdr bdoor behav behaveslike beroexepacker bitcoin bitcoinminer bitcoinmining ' +
    'bitminer bkdr black blocker bloodhound bobsoft bot brappware browsermodifier browsermodify browserplugin bruteforce bscope ' +
    'btcmine bundle bundleapp bundled bundleinstaller bundleloader bundler bunndle bypassuac bytever byteverify bytverify carrot ' +
    'casino casonline ceeinject chapak checks-gps click clicker clickfraud clickjack clicks clipper cloud coinmine coinminer ' +
    'coinstealer companion confidence confuser content copak copiet corrupt corrupted cpllnk crack cracktool cryp crypt crypted ' +
    'crypter cryptic cryptocoin cryptominer cryptor dailer damaged dangerousobject dangeroussig dapato datasetaler datastealer dcom ' +
    'ddos ddosagent ddoser deceptor decrypter deepscan defaulttab delf delfiles delfinject delfloader delfsnif delpbanc delpdldr ' +
    'delphi detected detection dial dialer dialers dialplatform dials dldr dldrop dllinject dload dloade dloader dloadr dloadware ' +
    'dnschanger dnsmodify doc docdl docdrop docdrp doidroot dotdo dotdoads dotnet downad downagent downldexe downldr download ' +
    'downloader downloadmanager downloadware downware droidrooter droidrt drokole drop dropped dropper droppr dropr dubrute dwnld ' +
    'dwnldr eheur eicar eicartest eldorado email emailworm encodefeature encoder encpk encryptpe enigma enigmaprotector enoket epack ' +
    'error esteemaudit etchcore etebcore eternalblue eternalchampion excel exebundle execdownload execryptor exedown exedrop ' +
    'exestealth expack expkit expl exploid exploit expressor exynos facebook fakealert fakeantivirus fakeav fakems fakepdf ' +
    'fakepublisher fakeroot file filecoder filecrypt filecrypter filecryptor filedelete fileinfector filemodify filepatch filepatcher ' +
    'filerepmalware files fishpep fkealrt flash flooder foreign found fraud fraudload fraudtool fullscreen game gamepatcher gamethief ' +
    'gametool gampass gen gena genautorunlnkfile gendownloader generic generica generickd genericml genericr generik generisk genetic ' +
    'genkryptik genmalicious genome genpack gensteal gentroj getshell giframe gingerbreak google graftor gray grayware gxox hack ' +
    'hacktool hckpk heur heuristic hidden hideicon hifrm high highconfidence hktl hllo hllp hllw hoax homepage horse hosts hosts- ' +
    'modifier hostsmodify html iframe iframem iframer iframeref igeneric infected infector infosteal infostealer injcrypt inject ' +
    'injected injecter injection injector injects insight install installer installmat installmate installshield installtoolbar ' +
    'intfour invalidcert ios iphoneos irc ircbot j2me jailbreak java javascript jiagu joke jorik jpeg js jscript jswebinject katusha ' +
    'kazy kbys kcloud keygen keylog keylogger keylogging killav killfiles killproc killsectool kkrunchy koinject krap krucky krunchy ' +
    'krypt kryptik kryptk libix lighty linux lisp lnk load locationcheck locker lockscreen lookslike lootor lotoor lowprevalence mac ' +
    'macos macosx macro macrodown mailer malagent malcode malcrypt maldroid malicious maliciousmacro maljava mallocker malob malpack ' +
    'malpe maltraffic maltrec malware malwarex maskpe masscan massmailer master masterkey mdropper memscan mikey miner mining minke ' +
    'mlwr mmacro mo97 moderate molebox moleboxultra moleboxvs monitor morphine mplug mpress mrophine msexcel msil msilobfuscator ' +
    'msoffice msword muldrop multi multipacked multiple multiplug multipluggen mupx mw97 nakedpack name netfilter nettool network ' +
    'networm niceprotect noobyprotect normal not-a-virus notsuspicious npack nsanti nsis nsismod nspack o97m obfus obfusc obfuscapk ' +
    'obfuscate obfuscated obfuscator obsidium office ole onion opack optional orien orsam osmodify osx other p2p p2pworm pack packed ' +
    'packedent packer packetsender packman packz pakes passteal password patch patched patcher patchfile patchload pdf pe peals ' +
    'pearmor pecompact pecrypt pelock pemalform pemask pepatch perl pespin pespinv petite phish phisher phishing php pigetrl plugin ' +
    'polycrypt polycryptt popunder popunderjs porn porndial porndialer pornlocker portscan portscn poscard poscardstealer posible ' +
    'possible possiblehostsfilehijack possiblemalware possiblethreat potentially powerloader powershell pp97m prast premiumsmsscam ' +
    'prepender privacyrisk privateexeprotector probably processhijack prochijack prockill program protect proxy proxychanger prtscan ' +
    'pswtool pua pulse punisher pup pupinstaller pwcrack pwshell pwsteal pwstealer pyinstaller python qhost qhosts ransom ransomcrypt ' +
    'ransomlock ransomware ransomx ratc razy rcryptor readssms redirector remote remoteadmin remoteconnection renamer rents ' +
    'reputation rigek risk risktool riskware rlpack rogue rogueware rooter rootkit rootkitagent rootor rpcdcom rtf rukhami rundel ' +
    'rundll sample sape scan scanner scar scareware score scrinject script sdprotector search searcher secapk secneo securityrisk ' +
    'securitytool selfmod selfmodify selfpropagate sendssms server servstart setdefaultbrowser shell shellcode shellkode siggen ' +
    'signaturebypass signed silentcaller simplepack singleton sisproc skypespam small smalldownloader smartassembly smartinstaller ' +
    'sms smsarch smsfraud smshoax smtp smtpscan sniff sniffer software softwarebundler sonar soobek spam spambot spammer spamtool ' +
    'spoof spoofer spyware sshscan stagefright startpage static stealer stmp strictor sulunch susp suspbeh suspect suspectcrc ' +
    'suspected suspic suspicious suspiciouspacker susppack svkprotects symmi symvt synscan systemhijack tattoohack tcpscan telock ' +
    'tencentprotect test testfile testsample testvirus text themida themidapacked threat tiny tklocker tool toolbar tor tortool ' +
    'towelroot trafic trash trj trjdown trjndwnlder troj trojan trojanapt trojanbanker trojanclicker trojanddos trojandldr ' +
    'trojandownloader trojandropper trojandwnldr trojanfakeav trojanhorse trojanproxy trojanpsw trojanransom trojansms trojanspy ' +
    'trojanx trojware tscope tsgeneric unavailable unclassified unclassifiedmalware undef undefined unix unknown unproven unsafe ' +
    'unwanted unwantedsig unwnt upack upx variant vba vbcrypt vbinject vbkrypt vbpack vbs vbscript vbsworm virbox virtool virus ' +
    'visualbasic vmdetect vmdetector vmpbad vmprotbad vmprotect vmsplice vprotect w2km w32 w64 w97m watkill watremover webpage ' +
    'websearch webshell website webtoolbar weenloc whatsapp win windef windows winlock winnt wiseinstaller word worm wpakill x2km ' +
    'x97m xpack yakes yoda yodap yodaprot yodaprotector yuner zenpack zenpak zip zpack zprotect zusy'
  ).split(' '),
);

/** Whether a word names no family, also with a number behind it ("hosts2"). Lower case. */
export function isGenericWord(word: string): boolean {
  return WORDS.has(word) || WORDS.has(word.replace(/\d+$/, ''));
}
