"""Pet names and spellings of British first names: Bill is William, Peggy is Margaret.

One line for each name: what it is registered as, then what people who bear it are called or how else
it is spelt. A pet name may stand in several lines (Bert, Nell): it then means any of them. Two
registered names are not made one by a pet name that they share: Ellen is not Helen.
Written for this portal; the last lines are names that have come to the north of England since.
"""

from __future__ import annotations

_TABLE = """
abigail: abi abbie abby gail
adam: ad ads
adelaide: ada addie della
adrian: ade adie
agnes: aggie nessie nancy senga
albert: al alb bert bertie
alexander: alec alex alick alistair alasdair alastair eck lex sandy sasha xander zander
alexandra: alex alix lexi lexie sandra sandy sasha
alfred: alf alfie fred
alice: ali allie alicia alys
alison: ali allison alyson ally
allan: al alan allen alun
amanda: mandy manda mands
amelia: amy emelia milly millie
andrew: andy drew andie
angela: ange angie
ann: anne anna annie nan nancy nanny
annabel: annabelle anna bella belle
anthony: ant tony antony
antoinette: nettie toni netta
archibald: archie archy
arthur: art arty
audrey: aud audie
augustus: gus gussie
barbara: babs barb barbie bab
barnaby: barney
barry: baz bazza barrie
beatrice: bea bee beattie trixie beatrix
benjamin: ben benny benji benjie
bernadette: bernie detta
bernard: bernie
bertha: bertie
bradley: brad
brenda: bren
brian: bryan bri
bridget: biddy bridie brigid brid
cameron: cam
caroline: carol carrie caro carolyn carolynn lyn
catherine: cath cathie cathy cat catharine kate katherine katharine kathryn kathy kath katie
  katy kay kit kitty katrina catriona kathleen cathryn
cecilia: celia cissie cissy sissy cecily
charles: charlie charley chas chaz chuck chic
charlotte: charlie charley lottie lotty char
christine: chris chrissie chrissy christina tina kirsty kirsten
christopher: chris kit kris topher christy
clarence: clarrie
clifford: cliff
constance: connie con
cornelius: con neil
cynthia: cindy cyn
cyril: cy
daniel: dan danny dani
danielle: dani danni
david: dave davey davie davy dai dafydd taffy
deborah: deb debbie debby debra debs
denise: den dennie
dennis: den denny denis
derek: del derrick deric
desmond: des desi
diana: di diane dianne dee
dominic: dom nick dominick
donald: don donnie donny
doreen: dor dorrie
doris: dor dorrie
dorothy: dot dottie dotty dolly doll dodie dora dee thea dorothea
douglas: doug dougie duggie
duncan: dunc
edgar: ed eddie
edith: edie ede
edmund: ed eddie ned ted
edward: ed eddie eddy ned ted teddy
edwin: ed eddie ned
eileen: aileen eily eilene ilene
elaine: ellie lainey elayne
eleanor: ellie elly ella ellen nell nellie nelly nora norah lena leonora elinor elenor
elizabeth: bess bessie bessy beth betsy bet betty bettie elisabeth eliza elsie elspeth libby liz
  lizzie lizzy lisa lillibet elise liza buffy betsey
ellen: nell nellie nelly ellie elen
elsie: els
emily: em emmie millie milly emmy
emma: em ems emmy
emmeline: emmie
ernest: ernie ern
ethel: eth
eugene: gene
eugenie: genie
evelyn: eve evie ev lyn
eva: eve evie
florence: flo florrie flossie floss flora
frances: fran frannie fanny francie frankie francesca cissie
francis: frank frankie fran frannie
franklin: frank
frederick: fred freddie freddy frederic rick fredrick
gabrielle: gabby gaby
gareth: gary gaz garth
gary: gaz gazza garry
geoffrey: geoff jeff jeffrey jeffery geoffery
george: georgie geordie dod dodie
georgina: georgie gina georgia georgiana
gerald: gerry jerry ged gerard
geraldine: gerry geri
gertrude: gert gertie trudy
gilbert: gil bert
gillian: gill gilly jill jilly jillian
giuseppe: joe
gladys: glad gwladys
gordon: gord gordy
graham: graeme grahame
gregory: greg gregor
gwendoline: gwen gwenda wendy gwendolen gwendolyn
hannah: hanna annie
harold: hal harry
harriet: hattie hatty harrie etta
harry: haz hal
hazel: haze
helen: nell nellie nelly helena lena nel elena
henrietta: etta hettie hetty netta harriet
henry: hal hank harry
herbert: herb herbie bert
hilary: hil hillary
hilda: hildy
horace: horry
hubert: bert hugh
hugh: hughie huw shug huey
humphrey: humph
ian: iain
ida: ide
ignatius: iggy
irene: rene renee rena reenie
isaac: ike zak
isabel: bel bella belle ella ibby isa isobel isabelle isabella tibby izzy
isaiah: zay
jacob: jake jack cobby
jacqueline: jackie jacky jacqui jaqueline jacquelyn
james: jim jimmy jimmie jamie jem seamus hamish jimbo
jane: janie jayne janey jan
janet: jan jannie jessie netta jenny
janice: jan janis
jason: jay jase
jean: jeannie jeanie jeanne
jeanette: jean jeannie nettie janette
jemima: jem jemmy mima
jennifer: jen jenny jennie jenni
jeremiah: jerry
jeremy: jem jerry jez jezza
jessica: jess jessie
jessie: jess
joan: joanie joni
joanna: jo joanne joann
john: jack johnny johnnie jon jock ian jonny
jonathan: jon jonny jonathon johnathan
joseph: joe joey jo
josephine: jo josie jose fifi
joshua: josh
joyce: joy
judith: judy judi jude
julia: jules julie
julian: jules jools
juliet: jules juliette
kathleen: kath kathy kay kathie cathleen
keith: kei
kenneth: ken kenny
kevin: kev
kimberley: kim kimberly
laura: lauri laurie lolly
laurence: larry laurie lawrence lol loz lawrie
leonard: len lenny leo lennie
leslie: les lesley
lesley: les leslie
lewis: lew lou louis
lilian: lil lily lilly lillian lilla
linda: lin lindy lyn lynda lindi
louis: lou louie lewis
louisa: lou lulu louise
louise: lou lulu louisa
lucy: lu lulu lucille lucie
lydia: liddy
lynn: lyn lynne
mabel: may mab amabel
madeleine: maddy maddie madge madeline lena
malcolm: mal malc
marcus: marc mark
margaret: daisy greta madge maggie maggy mags maisie marge margie margo margot meg megan meggie
  molly peg peggy peggie rita gretta marguerite mared pegs
maria: mia ria mary
marian: marion
marie: mary
marilyn: lyn
marjorie: madge marge marje margie margery marjory
marlene: marla
martha: marty mattie pat patty
martin: marty martyn
mary: mae maisie mamie may minnie moll mollie molly polly maria marie mairi
matilda: mattie maud maude tilda tilly tillie
matthew: mat matt mattie matty mathew
maureen: mo reenie maurine mary
maurice: morris mo maury moz
maxwell: max
melanie: mel
melissa: mel missy lissa
michael: mick mickey micky mike mikey micheal mitch
michelle: shell shelley chelle
mildred: millie milly
millicent: millie milly
miranda: mandy randa
miriam: mim mimi mitzi
monica: mon
morag: mo
muriel: mu
myfanwy: myf fanny
nadine: dee
natalie: nat
natasha: nat tasha tash
nathan: nat nate nathaniel
nathaniel: nat nate nathan
neil: neal neill nial niall
neville: nev
nicholas: nick nicky nico nicolas
nicola: nic nicky nikki nicole
nigel: nige
norah: nora
norman: norm
octavia: tavy
oliver: ollie olly noll
olive: ollie livvy
olivia: livvy liv ollie
oswald: ossie oz
pamela: pam pammy
patricia: pat patsy patti patty tricia trish trisha paddy
patrick: pat paddy patsy rick
paul: pauly
pauline: paula polly
penelope: pen penny nell
percival: percy val
perceval: percy
peter: pete
philip: phil phillip pip
philippa: pip pippa phil
phyllis: phyl phyll phillis
priscilla: cilla prissy
prudence: prue pru
rachel: rach rachael rae
raymond: ray
rebecca: becca becky beck bex
reginald: reg reggie rex
rhoda: rho
richard: dick dickie rich richie rick ricky ritchie dickon
robert: bob bobbie bobby rab rabbie rob robbie robby robin bert
roberta: bobbie robbie
roderick: rod roddy rory
rodney: rod roddy
roger: rog rodge
roland: roly rollo rowland
ronald: ron ronnie ronny
rosalind: ros roz rosalyn
rose: rosie rosa
rosemary: rose rosie romy rosemarie
rowena: ro
rupert: rupe
russell: russ rusty
ruth: ruthie
samantha: sam sammy
samuel: sam sammy
sandra: san sandie sandy
sarah: sadie sal sally sara
sean: shaun shawn shane
sebastian: seb bastian
sheila: sheelagh shelagh she
sidney: sid sydney syd
simon: si sime
sophia: sophie soph sofia
stanley: stan
stella: estelle
stephanie: steph stevie stephany
stephen: steve steven stevie steph ste
stewart: stu stuart stew
susan: sue susie suzie suzy sukie susanna susannah susanne suzanne
sylvia: syl sylvie silvia
tabitha: tabby
terence: terry tel terrence
teresa: terry tess tessa theresa terri resa
thelma: thel
theodore: ted teddy theo
thomas: tom tommy thom tam
timothy: tim timmy timo
tobias: toby
trevor: trev
ursula: ursie
valerie: val vallie
vanessa: ness nessa
vera: vee
vernon: vern
veronica: ron ronnie vera nica
victor: vic vick
victoria: vic vicki vickie vicky tori toria queenie vickey
vincent: vin vince vinnie
violet: vi letty
virginia: ginny ginger
vivian: viv vivien vivienne
walter: wal wally walt
wendy: wend
wilfred: wilf wilfrid fred
wilhelmina: mina minnie wilma billie
william: bill billy liam wil will willie willy wills gwilym
winifred: win winnie freda fred wyn
yvonne: eve vonnie evonne
zachary: zac zack zak
zoe: zoey
aleksandra: ola
andrzej: andrew
anna: ania hania anka
barbara: basia
elzbieta: ela elizabeth
ewa: eva
jan: janek john
joanna: asia
katarzyna: kasia catherine
krzysztof: krzys christopher
malgorzata: gosia margaret
maria: marysia
piotr: peter
stanislaw: staszek stan
tomasz: tomek thomas
zofia: zosia sophia
fatima: fatma fatimah
mohammed: muhammad mohammad mohamed mohamad muhammed muhamed mohd md mo
hussain: hussein husain hosein
ahmed: ahmad
aisha: ayesha aysha aishah
abdul: abdel
yusuf: yousef youssef yousuf joseph
ibrahim: ebrahim abraham
"""


def _read(table: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in table.replace("\n  ", " ").strip().splitlines():
        formal, _colon, others = line.partition(":")
        for name in (formal, *others.split()):
            found.setdefault(name, set()).add(formal)
    return {name: frozenset(formals) for name, formals in found.items()}


REGISTERED_AS = _read(_TABLE)
_NONE: frozenset[str] = frozenset()


def registered_as(name: str) -> frozenset[str]:
    """What somebody called ``name`` (folded, one word) may be registered as; empty when not known.

    >>> sorted(registered_as("bert"))
    ['albert', 'gilbert', 'herbert', 'hubert', 'robert']
    """
    return REGISTERED_AS.get(name, _NONE)


def same_by_pet_name(one: str, other: str) -> bool:
    """Whether the two can be names of one person: Bill and William, Peggy and Maggie.

    Two registered names count as one only when the table puts one in the other's line.
    """
    if one == other:
        return True
    mine, theirs = registered_as(one), registered_as(other)
    # Ellen and Helen share a line by way of Helen's; John and Jack too. Two pet names share a line as
    # well: Betty and Liz. What must not happen, a shared pet name of two lines, is not looked at.
    return bool(mine & theirs)
