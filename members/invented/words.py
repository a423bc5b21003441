"""Names and streets. Everything here is made up.

Family names are put together from halves, so that hardly any is that of somebody in the area.
"""

from __future__ import annotations

from random import Random

# A given name and the pet names that go with it: search must find one by the other.
GIVEN = {
    "Ada": "", "Agnes": "Aggie", "Alan": "Al", "Albert": "Bert", "Alice": "", "Amina": "",
    "Andrew": "Andy", "Angela": "Angie", "Anil": "", "Arthur": "Art", "Barbara": "Babs", "Beryl": "",
    "Brenda": "", "Brian": "", "Carol": "", "Catherine": "Cath", "Charles": "Charlie",
    "Christine": "Chris", "Clive": "", "Colin": "", "Daniel": "Dan", "David": "Dave",
    "Deborah": "Debbie", "Denise": "", "Dennis": "Den", "Derek": "", "Doris": "", "Dorothy": "Dot",
    "Edith": "Edie", "Edward": "Ted", "Eileen": "", "Elizabeth": "Betty", "Ellen": "Nell",
    "Ernest": "Ernie", "Farida": "", "Florence": "Flo", "Frances": "Fran", "Frederick": "Fred",
    "Geoffrey": "Geoff", "George": "", "Gillian": "Gill", "Gladys": "", "Grace": "", "Graham": "",
    "Harold": "Harry", "Hassan": "", "Hazel": "", "Helen": "", "Henry": "Harry", "Hilda": "",
    "Ian": "", "Irene": "", "Iris": "", "Ivy": "", "Jack": "", "Jacqueline": "Jackie",
    "James": "Jim", "Janet": "Jan", "Jean": "", "Jennifer": "Jenny", "Joan": "", "John": "Jack",
    "Joseph": "Joe", "Joyce": "", "Judith": "Judy", "Julie": "", "June": "", "Kathleen": "Kath",
    "Keith": "", "Kenneth": "Ken", "Krystyna": "", "Lakshmi": "", "Leonard": "Len", "Lilian": "Lily",
    "Linda": "", "Lynn": "", "Malcolm": "Mal", "Margaret": "Peggy", "Marian": "", "Marjorie": "Marj",
    "Mary": "Molly", "Maureen": "Mo", "Michael": "Mick", "Mohammed": "", "Nadia": "", "Norman": "Norm",
    "Olive": "", "Pamela": "Pam", "Patricia": "Pat", "Patrick": "Paddy", "Paul": "", "Pauline": "",
    "Peter": "Pete", "Philip": "Phil", "Phyllis": "Phyl", "Rachel": "", "Raymond": "Ray",
    "Richard": "Dick", "Robert": "Bob", "Ronald": "Ron", "Rose": "", "Roy": "", "Ruth": "",
    "Samuel": "Sam", "Sandra": "", "Sheila": "", "Shirley": "", "Sidney": "Sid", "Stanislaw": "",
    "Stanley": "Stan", "Stephen": "Steve", "Susan": "Sue", "Sylvia": "", "Terence": "Terry",
    "Thelma": "", "Thomas": "Tom", "Tracey": "", "Valerie": "Val", "Vera": "", "Veronica": "Ronnie",
    "Victor": "Vic", "Violet": "Vi", "Walter": "Wally", "Wendy": "", "William": "Bill",
    "Winifred": "Win", "Yvonne": "", "Zofia": "",
}  # fmt: skip
_FRONT = (
    "Amber", "Apple", "Ash", "Barley", "Bram", "Brindle", "Carrow", "Chal", "Clover", "Cobble",
    "Cran", "Daven", "Dun", "Elder", "Fallow", "Fen", "Fern", "Garth", "Gorse", "Hawk", "Hazel",
    "Heron", "Hollin", "Ivel", "Kettle", "Lark", "Linden", "Mallow", "Marl", "Merle", "Moss",
    "Nettle", "Otter", "Pebble", "Quill", "Raven", "Reed", "Rowan", "Rush", "Sedge", "Shel",
    "Sorrel", "Tallow", "Tarn", "Thistle", "Thorn", "Wether", "Whin", "Willow", "Wren",
)  # fmt: skip
_BACK = (
    "beck", "bourne", "brook", "by", "combe", "croft", "dale", "den", "field", "ford", "garth",
    "gate", "ham", "hurst", "ing", "land", "ley", "low", "mere", "rigg", "shaw", "stead",
    "thwaite", "ton", "wath", "well", "wick", "worth",
)  # fmt: skip
STREETS = tuple(
    f"{tree} {kind}"
    for tree in ("Alder", "Bilberry", "Bramble", "Campion", "Celandine", "Foxglove", "Harebell",
                 "Honeysuckle", "Juniper", "Lavender", "Meadowsweet", "Primrose", "Speedwell")
    for kind in ("Close", "Crescent", "Gardens", "Row", "Terrace")
)  # fmt: skip
LANGUAGES = ("Bengali", "Polish", "Punjabi", "Urdu")


def family_name(random: Random) -> str:
    return random.choice(_FRONT) + random.choice(_BACK)
