"""A count as a grid: service lines and bodies, one branch of the tree at a time; saving cells and blocks of them."""
