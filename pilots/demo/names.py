"""Names that nobody would take for real ones."""

BEGINNINGS = (
    *("Quill", "Bramble", "Thistle", "Marrow", "Lantern", "Otter", "Pebble", "Saffron", "Tinder", "Wren", "Bellow"),
    *("Cobble", "Drizzle", "Ember", "Fennel", "Gimlet", "Hazel", "Juniper", "Kestrel", "Linnet", "Mallow"),
)
ENDINGS = ("wick", "combe", "mere", "thorpe", "holt", "stow", "beck", "den", "ford", "ley", "haven", "minster")


def place_name(index: int) -> str:
    """The name of the place at an index, counted from 0: no two alike."""
    # Both lists turn with every place: 21 and 12 have 3 in common, so the endings move on after each 84.
    round_, within = divmod(index, len(BEGINNINGS) * len(ENDINGS))
    beginning = BEGINNINGS[within % len(BEGINNINGS)]
    ending = ENDINGS[(within + within // (len(BEGINNINGS) * len(ENDINGS) // 3)) % len(ENDINGS)]
    return f"{beginning}{ending}" if round_ == 0 else f"{beginning}{ending} {round_ + 1}"
