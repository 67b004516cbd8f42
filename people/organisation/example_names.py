"""Words that invented people and places are named by."""

FIRST_NAMES = tuple(
    "Abdi Agnes Ahmed Aida Alberte Alexander Alma Amalie Anders Andreas Anja Anna Anne Annette Arne Asger Astrid August "
    "Ayse Bent Berit Birgitte Bjarne Bo Bodil Britta Camilla Carl Carsten Cecilie Charlotte Christian Christina Claus "
    "Clara Dagmar Daniel David Ditte Dorthe Ebbe Egon Elin Elisabeth Ellen Else Emil Emma Emre Erik Esben Eva Fatima "
    "Filip Finn Flemming Frederik Freja Frida Gitte Grethe Gudrun Gustav Hanne Hans Hassan Heidi Helle Henrik Ida Inge "
    "Inger Ivan Jakob Jan Jane Janne Jens Jesper Johanne John Jonas Josefine Julie Jytte Jørgen Kaj Karen Karin Karl "
    "Kasper Katrine Kenneth Kim Kirsten Klara Knud Kristian Lars Lasse Laura Leif Lene Line Lis Lise Lone Lotte Louise "
    "Lukas Mads Magnus Maja Malene Maria Marianne Marie Mark Martin Mathilde Mehmet Merete Mette Michael Mikkel Mille "
    "Mogens Mohamed Morten Nanna Naja Nicolai Niels Nina Noah Ole Oliver Olivia Oskar Otto Palle Pernille Peter Pia Poul "
    "Rasmus Rikke Ruth Samira Sanne Sara Sigrid Signe Simon Sofie Solveig Steen Stine Susanne Svend Søren Tanja Thea "
    "Thomas Tina Tine Torben Tove Trine Ulla Ulrik Viggo Victoria Villads Vivi Yasmin Yrsa Zahra Åge Åse".split()
)
LAST_NAMES = tuple(
    "Aagaard Abildgaard Ahmadi Ali Andersen Andreasen Bach Bak Bang Beck Bech Berg Bertelsen Bisgaard Bjerre Bonde Brandt "
    "Bruun Bundgaard Carlsen Christensen Christiansen Clausen Dahl Dalsgaard Damgaard Demir Eriksen Fischer Frandsen "
    "Frederiksen Friis Gram Gregersen Hald Hansen Hassan Hedegaard Henriksen Hermansen Holm Hussein Iversen Jacobsen "
    "Jensen Jeppesen Jespersen Johansen Juhl Jørgensen Karlsen Kaya Kjeldsen Kjær Klausen Knudsen Koch Kristensen Krogh "
    "Lange Larsen Lassen Lauridsen Laursen Lind Lorenzen Lund Madsen Markussen Mathiesen Mikkelsen Mortensen Munk Møller "
    "Nguyen Nielsen Nissen Nygaard Olesen Olsen Overgaard Paulsen Pedersen Petersen Poulsen Rasmussen Ravn Riis Schmidt "
    "Schou Simonsen Skov Steffensen Svendsen Søndergaard Sørensen Thomsen Thygesen Toft Vestergaard Villadsen Vinther "
    "Winther Yilmaz Østergaard".split()
)
_STEMS = (
    "Ager Birke Bøge Ege Elle Enghave Fasan Fugle Gede Grane Hassel Hede Hyben Hyrde Klint Kløver Lærke Linde Lyng Mejse "
    "Mølle Nattergale Pile Poppel Ravne Rosen Rønne Skov Slotø Sol Svale Tjørne Tranebær Ugle Vibe Vind"
).split()
_ENDS = "bakke dal eng holm høj lund mark mose".split()
PLACES = tuple(stem + end for stem in _STEMS for end in _ENDS)
