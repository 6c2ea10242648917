/** Words of three letters. Made by words/make.ts; from SCOWL, see words/LICENSE.txt. */
export const common = `ace act add ado ads age ago aha aid ail aim air ale all amp and ant any ape apt arc are ark arm art ash ask ass ate
awe axe aye baa bad bag ban bar bat bay bed bee beg bet bib bid big bin bit boa bob bog boo bop bow box boy bra bud
bug bum bun bus but buy bye cab cad cam can cap car cat caw chi cob cod cog con coo cop cot cow cox coy cry cub cue
cup cur cut dab dad dam day den dew did die dig dim din dip dis doe dog don dos dot dry dub dud due dug duo dye ear
eat ebb eel egg ego eke elf elk elm end eon era err eve ewe eye fad fan far fat fax fed fee fen fer few fez fib fig
fin fir fit fix flu fly foe fog for fox fro fry fun fur gab gag gal gap gas gay gee gel gem get gig gin gnu gob god
goo got gum gun gut guy gym had hag ham has hat hay hem hen her hes hew hey hid him hip his hit hoe hog hop hot how
hub hue hug huh hum hut ice icy ifs ilk ill imp ink inn ins ion ire irk its ivy jab jam jar jaw jay jet jig job jog
jot joy jug jut keg ken key kid kin kit lab lad lag lap law lax lay led lee leg let lib lid lie lip lit lob log lop
lot low lug lye mad man map mar mas mat may meg men mes met mew mix mob mod mom moo mop mow mud mug mum nab nag nap
nay net new nil nip nit nod non nor not now nun nut oaf oak oar oat odd ode off ohm ohs oil old one opt ore our out
ova owe owl own pad pal pan pap par pas pat paw pay pea pee peg pen pep per pet pew pie pig pin pis pit ply pod pop
pot pro pry pub pun pup pus put qua rag ram ran rap rat raw ray red ref rep rev rib rid rig rim rip rob rod roe rot
row rub rue rug rum run rut rye sac sad sag sap sat saw sax say sea see set sew sex she shy sic sin sip sir sit six
ski sky sly sob sod son sop sow spa spy sub sue sum sun sup tab tad tag tan tap tar tax tea tee ten the thy tic tie
tin tip tit toe tog ton too top tot tow toy try tub tug tux two ugh ups urn use van vat vet vex via vie vow wad wag
wan war was wax way web wed wee wet who why wig win wit wiz woe wok won woo wot wow wry yak yam yap yen yep yes yet
yew you yum zap zip zit zoo`;

export const rare = `aah aba abb aby aeq aft aga ain ais ait ala alb alp ami amu ana ane arb asp auk avo awl awn azo bah bap bel ben bey
bis biz bod brr bub bur cay cha cig cis coz cru csc cud cwm dah dak dap daw deb dey dib dit dkl dob doc dor dow duh
dun dux eau ecu edh eek eft eld ell els emo ems emu ens ere erg erk ert eta fab fay feu fey fid fie fob fop fou fug
gad gam gan gar gat gey gib gid gie git goa gre guv hae haj hap haw hep hex hhd hic hie hin hmm hob hoc hod hoo hos
hoy hun ids ism jag jib jor kab kat kea ked kef kep kex kif kip koa kob kop kor kos lac lam lar lea lei lek leu lev
ley lis loo lox lur lux mac mam maw meh mel mho mic mid mig mil mim mir moa mog moi mot mut nae nah neb nib nim nix
nob nog nth nub nus obi och oft oho oik oka oke oms oof ooh ope ops ora orb orc ort oud oui pah pax pec pes phi pho
pic pip pix poe poi pol pom poo pow pox pud pug pul pwn pya pye pyx quo rah raj rho ria roc roo rya sal shh sib sim
sis ska sol som sot sou soy sri ssh sty sud tam tat tau taw ted tho til tod tom tor tui tum tun tut tyg udo ump uni
uts vac vas vav veg vim voe wat waw wen xis yah yaw yea yer yin yip yob yod yon yow yuk yup zed zee zig zoa`;
