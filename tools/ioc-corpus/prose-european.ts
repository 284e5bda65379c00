import { MD5, type Row } from './case';

export const french: Row[] = [
  ["Le domaine baddomain.com héberge une page d'hameçonnage.", 'domain baddomain.com'],
  ["Voir « https://baddomain.com/impôts » pour l'exemple", 'url https://baddomain.com/impôts'],
  [
    "L'adresse IP 45.77.12.34 (Pays-Bas) a contacté le serveur d'evil-site.net.",
    'ip 45.77.12.34',
    'domain evil-site.net',
  ],
  ['Le lien https://baddomain.com/a, reçu hier ; le fichier facture.pdf', 'url https://baddomain.com/a'],
  ['hébergé[.]fr a été signalé', 'domain xn--hberg-bsae.fr'],
  ['Serveur C2 : hxxp://baddomain[.]fr/porte.php', 'url http://baddomain.fr/porte.php'],
  ['M. Dupont, p. ex., etc. et c.-à-d. le 01.02.2024'],
  ['La version 1.2.3.4 corrige la faille, cf. § 4.2.1.3'],
  ['Appelez le 01.23.45.67.89 avant 18h30'],
  ["Le script install.sh et l'archive sauvegarde.zip sont légitimes"],
  ["C'est fini.Il est parti.La suite demain"],
  ['Le prix est de 1.234,56 € TTC'],
];

export const german: Row[] = [
  ['Die Domain baddomain.de wurde gesperrt.', 'domain baddomain.de'],
  ['Die Schadsoftware lädt „https://baddomain.com/lader.php“ nach.', 'url https://baddomain.com/lader.php'],
  [
    'Siehe bücher-böse.de und mailserver.böse.example.com',
    'domain xn--bcher-bse-67a3d.de',
    'domain mailserver.xn--bse-sna.example.com',
  ],
  ['Der Angreifer (45.77.12.34) nutzte z.B. evil-site.net.', 'ip 45.77.12.34', 'domain evil-site.net'],
  ['Prüfsumme (MD5): ' + MD5, 'file ' + MD5],
  ['Böse Seite: hxxps://böse[.]de/x', 'url https://xn--bse-sna.de/x'],
  ['z.B. oder d.h., u.a. am 01.02.2024 um 10.30 Uhr, i.d.R. usw.'],
  ['Das kostet 1.234.567,89 Euro inkl. MwSt.'],
  ['Version 1.2.3.4 und Abschnitt 4.2.1.3'],
  ['Die Datei Rechnung.pdf.exe liegt im Ordner'],
  ['Öffnen Sie start.sh oder liesmich.md'],
  ['Fertig.Das war es.In Ordnung'],
  ['Herr Dr.med. Müller, Prof.Dr. Schmidt und die Fa.Meier'],
];

export const others: Row[] = [
  ['El dominio baddomain.es aloja malware', 'domain baddomain.es'],
  ['Il sito baddomain.it è malevolo', 'domain baddomain.it'],
  [
    'Złośliwa domena: zla-domena.pl i bank-logowanie.com.pl',
    'domain zla-domena.pl',
    'domain bank-logowanie.com.pl',
  ],
  ['Skrypt install.pl działa poprawnie'],
  ['Вредоносный домен зло.рф и сайт baddomain.ru', 'domain xn--g1aij.xn--p1ai', 'domain baddomain.ru'],
  ['Файл отчёт.pdf и архив данные.zip'],
  ['O domínio baddomain.com.br foi bloqueado', 'domain baddomain.com.br'],
  ['النطاق baddomain.com ضار', 'domain baddomain.com'],
  ['Η σελίδα κακό.gr και το baddomain.gr', 'domain xn--mxarb6e.gr', 'domain baddomain.gr'],
];
