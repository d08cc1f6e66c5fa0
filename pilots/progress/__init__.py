"""How far places have come: the board of all, the timeline of each, deadlines and a new year's start."""
